using System.Collections;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using SweepCluster.Formats.CoreMl.Limits;
using SweepCluster.Formats.CoreMl.Protos;

namespace SweepCluster.Formats.CoreMl.Skeletons;

/// <summary>Goes through the weights of a model's neural networks, wherever its description has any, always in the same order.</summary>
internal static class WeightStrings
{
    /// <summary>Puts others in place of the weights' byte strings.</summary>
    /// <param name="model">The model; changed.</param>
    /// <param name="replace">Gives the other for one that is not empty.</param>
    internal static void Replace(Model model, Func<ByteString, ByteString> replace) => ReplaceIn(model, replace);

    private static void ReplaceIn(IMessage message, Func<ByteString, ByteString> replace)
    {
        if (message is WeightParams values)
        {
            ReplaceOf(values, replace);
            return;
        }

        foreach (FieldDescriptor field in MessageLayout.Of(message.Descriptor).WeightFields)
        {
            switch (field.Accessor.GetValue(message))
            {
                case IMessage single:
                    ReplaceIn(single, replace);
                    break;
                case IList several:
                    foreach (IMessage one in several)
                    {
                        ReplaceIn(one, replace);
                    }

                    break;
            }
        }
    }

    private static void ReplaceOf(WeightParams values, Func<ByteString, ByteString> replace)
    {
        for (int i = 0; i < values.FloatChunks.Count; i++)
        {
            values.FloatChunks[i] = Replaced(values.FloatChunks[i], replace);
        }

        values.Float16Value = Replaced(values.Float16Value, replace);
        values.RawValue = Replaced(values.RawValue, replace);
        values.Int8RawValue = Replaced(values.Int8RawValue, replace);
    }

    private static ByteString Replaced(ByteString bytes, Func<ByteString, ByteString> replace) => bytes.IsEmpty ? bytes : replace(bytes);
}
