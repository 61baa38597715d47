namespace SweepCluster.Formats.CoreMl.Float16;

/// <summary>What a name of the program as it was stands for in the new one.</summary>
/// <param name="Type">Its type as it was.</param>
/// <param name="Single">Its name as what it was (for a float32 value: as float32); null where nothing has it in that type yet.</param>
/// <param name="Half">Its name as float16; null where nothing has it in that type yet.</param>
/// <param name="Source">What a cast to float16 may read in its place: a value of integers or truth values that was cast to float32; null elsewhere.</param>
internal sealed record Version(MilValueType? Type, string? Single, string? Half, string? Source = null)
{
    /// <summary>Whether it was float32.</summary>
    internal bool WasSingle => Float16Choice.IsFloat32(Type);
}
