namespace SweepCluster.Formats.CoreMl.Float16;

/// <summary>Names that operations of a block can read: whether each is a float32 tensor, and the constant that it stands for, if any.</summary>
internal sealed class SourceScope(SourceScope? outer)
{
    private readonly Dictionary<string, (bool IsFloat32, ConstantSource? Constant)> _names = new(StringComparer.Ordinal);

    internal void Define(string name, bool isFloat32, ConstantSource? constant) => _names[name] = (isFloat32, constant);

    internal (bool IsFloat32, ConstantSource? Constant) Find(string name) =>
        _names.TryGetValue(name, out (bool, ConstantSource?) found) ? found : outer?.Find(name) ?? default;
}
