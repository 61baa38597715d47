using SweepCluster.Formats.Images;
using SweepCluster.Formats.Npy;
using SweepCluster.Formats.Tests.Npy;
using SweepCluster.Testing;

namespace SweepCluster.Formats.Tests.Images;

public sealed class PictureResizerTests
{
    // noise_*.npy hold what Pillow 9.4 makes of noise.npy by resize((width, height), Image.BILINEAR).
    [Theory]
    [InlineData(20, 13)]
    [InlineData(57, 13)]
    [InlineData(20, 41)]
    [InlineData(80, 60)]
    [InlineData(7, 90)]
    [InlineData(1, 1)]
    public void Resize_Noise_GivesPillowsBytes(int width, int height)
    {
        NpyArray noise = NpyReader.Read(Fixtures.PathOf("Images", "noise.npy"));
        NpyArray expected = NpyReader.Read(Fixtures.PathOf("Images", $"noise_{width}x{height}.npy"));

        Picture actual = PictureResizer.Resize(new Picture(57, 41, 3, noise.Bytes), width, height);

        Assert.Equal((width, height), (actual.Width, actual.Height));
        Assert.Equal(expected.Bytes.ToArray(), actual.Pixels.ToArray());
    }

    [Fact]
    public void Resize_FourGreyPixelsToTwo_WeighsThreeToOne()
    {
        // Halving: the triangle reaches two pixels to each side of the centre, weights 1 : 3 : 3 : 1 with what lies outside left out.
        Picture picture = new(4, 1, 1, new byte[] { 0, 70, 140, 210 });

        Picture half = PictureResizer.Resize(picture, 2, 1);

        // (3*0 + 3*70 + 1*140) / 7 = 50; (1*70 + 3*140 + 3*210) / 7 = 160
        Assert.Equal([50, 160], half.Pixels.ToArray());
    }

    [Fact]
    public void Resize_SameSize_GivesTheSamePicture()
    {
        Picture picture = new(2, 1, 1, new byte[] { 3, 4 });

        Assert.Same(picture, PictureResizer.Resize(picture, 2, 1));
    }

    [Theory]
    [Trait("Needs", "shared")]
    [InlineData("resnet34-imagenet", 227)]
    [InlineData("squeezenet11-imagenet", 224)]
    public void Resize_PhotographsOfTheReferences_GivesTheirPixels(string model, int size)
    {
        using NpzReader reference = new(SharedData.PathOf("data", model, "reference.npz"));
        string[] files = reference.Read("files").ToStrings();
        ReadOnlySpan<byte> expected = reference.Read("pixels").Bytes.Span;

        for (int i = 0; i < files.Length; i++)
        {
            Picture picture = PictureReader.Read(SharedData.PathOf("data", "photos-1000", "images", files[i]));

            Picture resized = PictureResizer.Resize(picture, size, size);

            int difference = resized.Pixels.Span.CommonPrefixLength(expected.Slice(i * size * size * 3, size * size * 3));
            Assert.True(difference == size * size * 3, $"{files[i]} differs at byte {difference}.");
        }
    }
}
