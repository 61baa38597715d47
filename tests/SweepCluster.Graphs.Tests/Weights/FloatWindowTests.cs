using SweepCluster.Graphs.Weights;
using SweepCluster.Graphs.Weights.Decoding;

namespace SweepCluster.Graphs.Tests.Weights;

/// <summary>Looking a number up costs little wherever it is: a small file may ask for any of millions, in any order.</summary>
public class FloatWindowTests
{
    private const int Entries = 256, Length = 64;

    // Rows that are walked over groups of columns: the next number is a whole table further.
    [Theory, InlineData(64), InlineData(65)]
    public void Item_OneOfEachTable_DecodesFew(int groups)
    {
        CountedNumbers numbers = new(groups * Entries * Length);
        FloatWindow window = new(numbers);
        long before = numbers.Decoded;

        int looked = 0;
        for (int row = 0; row < 50; row++)
        {
            for (int group = 0; group < groups; group++, looked++)
            {
                int index = (((group * Entries) + (row * 37 % Entries)) * Length) + row;
                Assert.Equal(CountedNumbers.Value(index), window[index]);
            }
        }

        Assert.InRange(numbers.Decoded - before, 0, (long)looked * FloatWindow.WindowElements);
        Assert.Equal(groups == 64, before > 0); // so many are held at once
    }

    [Fact]
    public void Slice_AnyPlaces_DecodesLittleMoreThanIsAskedFor()
    {
        CountedNumbers numbers = new((1 << 20) + 1003);
        FloatWindow window = new(numbers);
        Random random = new(20261121);

        long most = 0;
        for (int i = 0; i < 2000; i++)
        {
            int length = random.Next(1, 300), start = random.Next(numbers.Count - length + 1);
            Assert.Equal(Enumerable.Range(start, length).Select(CountedNumbers.Value), window.Slice(start, length).ToArray());
            most += Math.Max(length + 14, FloatWindow.WindowElements);
        }

        Assert.InRange(numbers.Decoded, 1, most);
    }

    [Fact]
    public void Item_OneAfterTheOther_DecodesEachOnce()
    {
        CountedNumbers numbers = new((1 << 20) + 1003);
        FloatWindow window = new(numbers);

        for (int i = 0; i < numbers.Count; i++)
        {
            Assert.Equal(CountedNumbers.Value(i), window[i]);
        }

        Assert.Equal(numbers.Count, numbers.Decoded);
    }

    // Of 8 bits or more float32 is at most four times the file: tables are held, and looked up as small ones are.
    [Theory]
    [InlineData(ElementType.Float16, true)]
    [InlineData(ElementType.Int8, true)]
    [InlineData(ElementType.Int4, false)]
    public void Whole_OfLargeTables_IsWhatTheBoundAllows(ElementType type, bool isHeld)
    {
        Shape shape = new(1, 65, Entries, Length);
        TensorData entries = new(type, shape, new byte[type.ByteCount(shape.ElementCount)]);
        PaletteTable table = type == ElementType.Float16 ? entries : new PaletteTable(entries, TensorData.FromFloats(ElementType.Float16, new Shape(1, 1, 1, 1), [0.5f]), null);

        Assert.Equal(isHeld ? (int)shape.ElementCount : 0, new FloatWindow(table).Whole.Length);
    }

    private sealed class CountedNumbers(int count) : DecodedValues(ElementType.Float32, count)
    {
        internal long Decoded { get; private set; }

        internal static float Value(int index) => index % 100_003;

        protected override void Decode(int start, Span<float> values)
        {
            Assert.Equal(0, start % 8);
            Decoded += values.Length;
            for (int i = 0; i < values.Length; i++)
            {
                values[i] = Value(start + i);
            }
        }
    }
}
