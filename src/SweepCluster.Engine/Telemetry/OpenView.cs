using SweepCluster.Engine.Records;
using SweepCluster.Engine.Sessions;

namespace SweepCluster.Engine.Telemetry;

/// <summary>A sweep that is open in this process, for who looks at it.</summary>
/// <param name="Session">Its model and request.</param>
/// <param name="Records">What was recorded of it and read here.</param>
internal sealed record OpenView(SweepSession Session, SweepRecords Records);
