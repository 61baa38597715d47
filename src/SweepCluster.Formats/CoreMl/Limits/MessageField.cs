using Google.Protobuf.Reflection;

namespace SweepCluster.Formats.CoreMl.Limits;

/// <summary>One field of a message's type.</summary>
/// <param name="Kind">How its values lie in memory.</param>
/// <param name="IsRepeated">Whether there may be several; a second value of another replaces the first, or is merged into it.</param>
/// <param name="Message">Type of its values, where they are messages.</param>
internal sealed record MessageField(FieldKind Kind, bool IsRepeated, MessageDescriptor? Message)
{
    private MessageLayout? _layout;

    /// <summary>Layout of its values.</summary>
    internal MessageLayout Layout => _layout ??= MessageLayout.Of(Message!);
}
