using Google.Protobuf.Reflection;

namespace SweepCluster.Formats.CoreMl.Limits;

/// <summary>One field of a message's type.</summary>
/// <param name="Kind">How its values lie in memory.</param>
/// <param name="IsRepeated">Whether there may be several; a second value of another replaces the first, or is merged into it.</param>
/// <param name="Message">Type of its values, where they are messages.</param>
/// <param name="GraphBytes">What reading makes of one value, beside the value itself.</param>
/// <param name="HoldsWeights">Whether its values are bytes of a network's weights, or messages that may have such in them.</param>
internal sealed record MessageField(FieldKind Kind, bool IsRepeated, MessageDescriptor? Message, int GraphBytes, bool HoldsWeights)
{
    private MessageLayout? _layout;

    /// <summary>Layout of its values.</summary>
    internal MessageLayout Layout => _layout ??= MessageLayout.Of(Message!);

    /// <summary>Whether values of a wire type are read as this field's; those of another are kept as what nobody knows is.</summary>
    internal bool Takes(ulong wireType) => wireType switch
    {
        0 => Kind is FieldKind.Number32 or FieldKind.Number64,
        1 => Kind is FieldKind.Fixed64,
        2 => IsRepeated || Kind is FieldKind.Message or FieldKind.Text or FieldKind.Bytes,
        5 => Kind is FieldKind.Fixed32,
        _ => false,
    };
}
