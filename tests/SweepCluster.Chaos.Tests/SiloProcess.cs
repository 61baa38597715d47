using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace SweepCluster.Chaos.Tests;

/// <summary>A silo as a process of its own.</summary>
internal sealed partial class SiloProcess : IDisposable
{
    private const int Killed = 128 + 9, Stop = 19, Continue = 18;

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly Task _ended;

    /// <summary>Starts one.</summary>
    /// <param name="store">The store.</param>
    /// <param name="cache">Folder of its cache.</param>
    /// <param name="lease">How long its claims hold.</param>
    /// <param name="death">When it dies, or <c>never</c>.</param>
    internal SiloProcess(string store, string cache, TimeSpan lease, string death)
    {
        Death = death;
        ProcessStartInfo start = new(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "SweepCluster.Chaos.Silo.dll"));
        start.ArgumentList.Add(store);
        start.ArgumentList.Add(cache);
        start.ArgumentList.Add(lease.TotalSeconds.ToString(CultureInfo.InvariantCulture));
        start.ArgumentList.Add(death);
        _process = Process.Start(start)!;
        _process.OutputDataReceived += Append;
        _process.ErrorDataReceived += Append;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        _ended = _process.WaitForExitAsync();
    }

    /// <summary>When it is to die.</summary>
    internal string Death { get; }

    /// <summary>Completes when it is dead and its last words are read.</summary>
    internal Task Ended => _ended;

    /// <summary>Whether it died by SIGKILL at its moment.</summary>
    internal bool DiedAtItsMoment => _process.ExitCode == Killed && Output.Contains("dies ", StringComparison.Ordinal);

    /// <summary>What it said.</summary>
    internal string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    /// <summary>Stops it in its tracks.</summary>
    internal void Freeze() => _ = SendSignal(_process.Id, Stop);

    /// <summary>Lets it go on.</summary>
    internal void Thaw() => _ = SendSignal(_process.Id, Continue);

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int processId, int signal);

    private void Append(object sender, DataReceivedEventArgs line)
    {
        lock (_output)
        {
            _output.AppendLine(line.Data);
        }
    }
}
