using System.Text;
using SweepCluster.Reports.Csv;
using SweepCluster.Reports.Html;
using SweepCluster.Reports.Json;
using SweepCluster.Sweeps.Summaries;

namespace SweepCluster.Reports;

/// <summary>Writes the result folder's files.</summary>
public static class ReportWriter
{
    private static readonly UTF8Encoding s_encoding = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>Writes <c>report.html</c>, <c>report.json</c>, <c>trials.csv</c> and <c>sensitivity.csv</c>: equal summaries give equal bytes.</summary>
    /// <param name="summary">What to write.</param>
    /// <param name="folder">The result folder; made if it is missing. Existing files are replaced.</param>
    /// <param name="cancellationToken">Stops between files.</param>
    /// <exception cref="IOException">A file cannot be written. Those written before stay, none is left half written.</exception>
    /// <remarks>Each file is written beside its place, flushed to disk and renamed. <c>timings.json</c>, which the report links, is not written here.</remarks>
    public static async Task WriteAsync(SweepSummary summary, string folder, CancellationToken cancellationToken)
    {
        (string Name, string Text)[] files =
        [
            ("report.json", ReportJson.Serialize(summary)),
            ("trials.csv", TrialsCsv.Write(summary)),
            ("sensitivity.csv", SensitivityCsv.Write(summary)),
            ("report.html", await ReportHtml.RenderAsync(summary, cancellationToken)),
        ];
        Directory.CreateDirectory(folder);
        foreach ((string name, string text) in files)
        {
            await ReplaceAsync(Path.Combine(folder, name), text, cancellationToken);
        }
    }

    private static async Task ReplaceAsync(string path, string text, CancellationToken cancellationToken)
    {
        string partial = path + ".partial";
        try
        {
            await using (FileStream stream = new(partial, FileMode.Create, FileAccess.Write, FileShare.None))
            {
                await stream.WriteAsync(s_encoding.GetBytes(text), cancellationToken);
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
