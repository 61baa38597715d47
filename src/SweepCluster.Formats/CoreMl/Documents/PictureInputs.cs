using SweepCluster.Formats.CoreMl.Protos;
using SweepCluster.Graphs;

namespace SweepCluster.Formats.CoreMl.Documents;

/// <summary>Reads what a model's description says of a picture that it takes.</summary>
internal static class PictureInputs
{
    /// <summary>The picture; null where the feature is none.</summary>
    /// <param name="image">The feature's type.</param>
    /// <param name="place">Where it stands, for messages.</param>
    /// <exception cref="BadInputException">Its colour space or its extents are none that a picture has.</exception>
    internal static ImageInput? Of(ImageFeatureType? image, string place)
    {
        if (image is null)
        {
            return null;
        }

        ColorOrder colors = image.ColorSpace switch
        {
            ImageFeatureType.Types.ColorSpace.Rgb => ColorOrder.Rgb,
            ImageFeatureType.Types.ColorSpace.Bgr => ColorOrder.Bgr,
            ImageFeatureType.Types.ColorSpace.Grayscale or ImageFeatureType.Types.ColorSpace.GrayscaleFloat16 => ColorOrder.Grayscale,
            _ => throw new BadInputException($"{place}: found colour space {(int)image.ColorSpace}, expected RGB, BGR or grayscale."),
        };
        return image.Width is >= 0 and <= int.MaxValue && image.Height is >= 0 and <= int.MaxValue
            ? new ImageInput((int)image.Width, (int)image.Height, colors)
            : throw new BadInputException($"{place}: found a picture of {image.Width} x {image.Height}, expected extents from 0 to {int.MaxValue}.");
    }
}
