namespace SweepCluster.Testing.Packages;

/// <summary>A tensor as the independent reader sees it: the format's name of its type, its extents, one number an element.</summary>
public sealed record MilTensor(string Type, int[] Shape, double[] Values)
{
    /// <summary>Whether the type is float16 or float32.</summary>
    public bool IsFloat => Type is "fp16" or "fp32";

    /// <summary>Rounds a number to a type as a device stores it.</summary>
    public static double Round(double value, string type) => type switch
    {
        "fp16" => (double)(Half)value,
        "fp32" => (double)(float)value,
        _ => value,
    };
}
