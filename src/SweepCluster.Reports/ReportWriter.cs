using System.Text;
using SweepCluster.Reports.Csv;
using SweepCluster.Reports.Html;
using SweepCluster.Reports.Json;
using SweepCluster.Sweeps.Summaries;

namespace SweepCluster.Reports;

/// <summary>Writes the result folder's files.</summary>
public static class ReportWriter
{
    private const int BufferLength = 1 << 16;

    private static readonly UTF8Encoding s_encoding = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>Writes <c>report.html</c>, <c>report.json</c>, <c>trials.csv</c> and <c>sensitivity.csv</c>: equal summaries give equal bytes.</summary>
    /// <param name="summary">What to write.</param>
    /// <param name="folder">The result folder; made if it is missing. Existing files are replaced.</param>
    /// <param name="cancellationToken">Stops between files.</param>
    /// <exception cref="IOException">A file cannot be written. Those written before stay, none is left half written.</exception>
    /// <remarks>Each file is written beside its place, flushed to disk and renamed. <c>timings.json</c>, which the report links, is not written here.</remarks>
    public static async Task WriteAsync(SweepSummary summary, string folder, CancellationToken cancellationToken)
    {
        string page = await ReportHtml.RenderAsync(summary, cancellationToken); // what can fail in rendering does so before anything is written
        Directory.CreateDirectory(folder);
        await Task.Run(
            () =>
            {
                Replace(Path.Combine(folder, "report.json"), stream => ReportJson.Write(summary, stream), cancellationToken);
                Replace(Path.Combine(folder, "trials.csv"), Text(output => TrialsCsv.Write(summary, output)), cancellationToken);
                Replace(Path.Combine(folder, "sensitivity.csv"), Text(output => SensitivityCsv.Write(summary, output)), cancellationToken);
                Replace(Path.Combine(folder, "report.html"), Text(output => output.Write(page)), cancellationToken);
            },
            cancellationToken);
    }

    private static Action<Stream> Text(Action<TextWriter> write) => stream =>
    {
        using StreamWriter output = new(stream, s_encoding, bufferSize: BufferLength, leaveOpen: true);
        write(output);
    };

    private static void Replace(string path, Action<Stream> write, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        string partial = path + ".partial";
        try
        {
            using (FileStream stream = new(partial, FileMode.Create, FileAccess.Write, FileShare.None, BufferLength))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(partial, path, overwrite: true);
        }
        catch
        {
            File.Delete(partial);
            throw;
        }
    }
}
