using SweepCluster.Inference.Planning;
using SweepCluster.Inference.Steps;

namespace SweepCluster.Inference.Lowering;

/// <summary>Steps in an order in which they can run, before memory is planned.</summary>
internal sealed record LoweredGraph(Slot Output, Slot Input, List<Step> Steps, List<Slot> Slots, List<Parameter> Parameters);
