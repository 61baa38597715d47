namespace SweepCluster.Engine.Telemetry;

/// <summary>The gauges that a sweep is told by, those alone that are the same until something is recorded.</summary>
internal enum SweepGauge
{
    Phase,
    Jobs,
    Progress,
    TimeLeft,
    Trials,
    BaselineBytes,
    BaselineScore,
    BestBytes,
    BestScore,
    BestDrop,
    BestRatio,
    MaxDrop,
    FrontierPoints,
    Hypervolume,
    FrontierBytes,
    FrontierDrop,
    ConfirmedDrop,
    LayerDrop,
    LayerSeconds,
}
