using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using System.Threading.Channels;
using SweepCluster.Cli;

namespace SweepCluster.EndToEnd.Tests;

/// <summary>The program as a process of its own, which can be interrupted and killed.</summary>
internal sealed partial class SweepProcess : IDisposable
{
    private const int Interrupt = 2, Termination = 15, Continue = 18, Stop = 19;
    private readonly Process _process;
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private readonly Task<string> _output;
    private readonly Task<string> _error;

    internal SweepProcess(params string[] arguments)
        : this([], [], arguments)
    {
    }

    /// <summary>Starts the program by way of another, and with more variables.</summary>
    /// <param name="before">A program that runs the one whose command line follows, with its arguments; none: the program itself.</param>
    /// <param name="variables">Variables of its environment.</param>
    /// <param name="arguments">The program's arguments.</param>
    internal SweepProcess(string[] before, Dictionary<string, string> variables, params string[] arguments)
    {
        string dotnet = Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet";
        string[] line = [.. before, dotnet, typeof(SweepProgram).Assembly.Location, .. arguments];
        ProcessStartInfo start = new(line[0], line[1..])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        foreach ((string name, string value) in variables)
        {
            start.Environment[name] = value;
        }

        _process = Process.Start(start)!;
        _output = _process.StandardOutput.ReadToEndAsync();
        _error = ReadErrorAsync();
    }

    internal int ProcessId => _process.Id;

    internal bool HasExited => _process.HasExited;

    internal void Kill() => _process.Kill();

    internal void PressControlC() => _ = SendSignal(_process.Id, Interrupt);

    internal void Terminate() => _ = SendSignal(_process.Id, Termination);

    internal void Freeze() => _ = SendSignal(_process.Id, Stop);

    internal void Thaw() => _ = SendSignal(_process.Id, Continue);

    /// <summary>Waits until a line on standard error has a word, or nothing more comes.</summary>
    /// <returns>The line; null where nothing more comes.</returns>
    internal async Task<string?> SaysAsync(string word)
    {
        string? line;
        do
        {
            line = await _lines.Reader.WaitToReadAsync() ? await _lines.Reader.ReadAsync() : null;
        }
        while (line?.Contains(word, StringComparison.Ordinal) == false);
        return line;
    }

    internal async Task<CommandLine> FinishAsync()
    {
        await _process.WaitForExitAsync();
        return new CommandLine(_process.ExitCode, await _output, await _error);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    private async Task<string> ReadErrorAsync()
    {
        StringBuilder text = new();
        while (await _process.StandardError.ReadLineAsync() is { } line)
        {
            text.Append(line).Append('\n');
            _lines.Writer.TryWrite(line);
        }

        _lines.Writer.Complete();
        return text.ToString();
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int processId, int signal);
}
