namespace SweepCluster.Server.Api;

/// <summary>Where things are on a server.</summary>
internal static class ApiPaths
{
    internal const string Root = "/api/v1";
    internal const string Sweeps = Root + "/sweeps";
    internal const string Plans = Root + "/plans";
    internal const string Silos = Root + "/silos";
    internal const string Events = Root + "/events";
    internal const string Blobs = Root + "/blobs";

    /// <summary>Server-sent events: something changed in the list of sweeps or silos.</summary>
    internal const string Changes = Root + "/changes";

    internal const string OpenApi = "/openapi.json";
}
