namespace SweepCluster.Server.Api;

/// <summary>Where things are on a server.</summary>
internal static class ApiPaths
{
    internal const string Root = "/api/v1";
    internal const string Sweeps = Root + "/sweeps";

    /// <summary>One sweep: its id, or enough first digits of it.</summary>
    internal const string Sweep = Sweeps + "/{id}";

    internal const string Progress = Sweep + "/progress";
    internal const string Frontier = Sweep + "/frontier";
    internal const string Trials = Sweep + "/trials";
    internal const string Trial = Trials + "/{trial}";
    internal const string Sensitivities = Sweep + "/sensitivities";
    internal const string SweepEvents = Sweep + "/events";

    /// <summary>Server-sent events: how far a sweep is.</summary>
    internal const string SweepChanges = Sweep + "/changes";

    internal const string Report = Sweep + "/report";
    internal const string ReportPage = Sweep + "/report.html";
    internal const string TrialsCsv = Sweep + "/trials.csv";
    internal const string SensitivityCsv = Sweep + "/sensitivity.csv";
    internal const string Result = Sweep + "/result.zip";
    internal const string Exports = Sweep + "/exports";
    internal const string Export = Exports + "/{trial}";
    internal const string Plans = Root + "/plans";
    internal const string Silos = Root + "/silos";
    internal const string Events = Root + "/events";
    internal const string Blobs = Root + "/blobs";
    internal const string Blob = Blobs + "/{sha256}";

    /// <summary>Server-sent events: something changed in the list of sweeps or silos.</summary>
    internal const string Changes = Root + "/changes";

    internal const string OpenApi = "/openapi.json";
}
