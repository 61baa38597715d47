// The format's own name for a value's type; System has a ValueType too.
global using MilValueType = SweepCluster.Formats.CoreMl.Protos.ValueType;
