using System.Diagnostics;
using System.Text;

namespace SweepCluster.Server.Tests.Monitoring;

/// <summary>A program that runs as long as a test needs it, and ends with the tests, however they end.</summary>
internal sealed class KeptProcess : IAsyncDisposable
{
    // The program lives as long as this shell's standard input is open; that ends with the process that started it.
    private const string Keeper = """
        "$@" </dev/null & kept=$!
        read -r line
        kill -TERM "$kept" 2>/dev/null
        wait "$kept"
        """;

    private readonly Process _keeper;
    private readonly StringBuilder _output = new();

    /// <summary>Starts it.</summary>
    internal KeptProcess(params string[] command)
    {
        ProcessStartInfo start = new("sh", ["-c", Keeper, "keeper", .. command]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Path.GetTempPath() };
        _keeper = Process.Start(start)!;
        _keeper.OutputDataReceived += Append;
        _keeper.ErrorDataReceived += Append;
        _keeper.BeginOutputReadLine();
        _keeper.BeginErrorReadLine();
    }

    /// <summary>What it said on both streams.</summary>
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

    /// <summary>Ends it in order.</summary>
    public async ValueTask DisposeAsync()
    {
        _keeper.StandardInput.Close();
        await _keeper.WaitForExitAsync();
        _keeper.Dispose();
    }

    private void Append(object sender, DataReceivedEventArgs line)
    {
        lock (_output)
        {
            _output.AppendLine(line.Data);
        }
    }
}
