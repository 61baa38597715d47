using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace SweepCluster.Server.Telemetry.Exposition;

/// <summary>Writes metrics in one of their text forms. Used once.</summary>
internal sealed class ExpositionWriter(ExpositionFormat format)
{
    private const int LongestNumber = 32;

    private readonly ArrayBufferWriter<byte> _buffer = new(64 << 10);

    private bool IsOpenMetrics => format == ExpositionFormat.OpenMetrics;

    /// <summary>What was written.</summary>
    internal ReadOnlyMemory<byte> Written => _buffer.WrittenMemory;

    /// <summary>Writes what the process is, as labels of a metric that is always 1.</summary>
    internal void WriteTarget(IEnumerable<KeyValuePair<string, object>> attributes)
    {
        Text(IsOpenMetrics ? "# TYPE target info\n# HELP target What is measured.\n" : "# HELP target_info What is measured.\n# TYPE target_info gauge\n");
        Text("target_info");
        byte before = (byte)'{';
        foreach ((string key, object value) in attributes)
        {
            Label(PrometheusName.Label(key), Convert.ToString(value, CultureInfo.InvariantCulture) ?? "", ref before);
        }

        Text(before == '{' ? " 1\n" : "} 1\n");
    }

    /// <summary>Writes what stands over the samples of a family.</summary>
    internal void WriteHead(PrometheusName name, string help)
    {
        string family = IsOpenMetrics ? name.Family : name.Full;
        Text("# HELP ");
        Text(family);
        Text(" ");
        Escaped(help, quotes: IsOpenMetrics);
        Text("\n# TYPE ");
        Text(family);
        Text(name.Kind switch
        {
            MetricKind.Counter => " counter\n",
            MetricKind.Histogram => " histogram\n",
            _ => " gauge\n",
        });
        if (IsOpenMetrics && name.Unit is { } unit)
        {
            Text($"# UNIT {family} {unit}\n");
        }
    }

    /// <summary>Writes the samples of a metric.</summary>
    internal void WriteSamples(PrometheusName name, Metric metric)
    {
        foreach (ref readonly MetricPoint point in metric.GetMetricPoints())
        {
            switch (metric.MetricType)
            {
                case MetricType.Histogram:
                    Histogram(name.Family, point);
                    break;
                case MetricType.LongSum or MetricType.LongSumNonMonotonic:
                    Sample(name.Full, point.Tags, point.GetSumLong());
                    break;
                case MetricType.DoubleSum or MetricType.DoubleSumNonMonotonic:
                    Sample(name.Full, point.Tags, point.GetSumDouble());
                    break;
                case MetricType.LongGauge:
                    Sample(name.Full, point.Tags, point.GetGaugeLastValueLong());
                    break;
                default:
                    Sample(name.Full, point.Tags, point.GetGaugeLastValueDouble());
                    break;
            }
        }
    }

    /// <summary>Writes what stands at the end.</summary>
    internal void WriteEnd()
    {
        if (IsOpenMetrics)
        {
            Text("# EOF\n");
        }
    }

    private void Histogram(string family, in MetricPoint point)
    {
        long sum = 0;
        foreach (HistogramBucket bucket in point.GetHistogramBuckets())
        {
            sum += bucket.BucketCount;
            Text(family);
            Text("_bucket");
            byte before = Labels(point.Tags);
            Byte(before);
            Text("le=\"");
            Bound(bucket.ExplicitBound);
            Text("\"} ");
            Number(sum);
        }

        Text(family);
        Text("_sum");
        Close(Labels(point.Tags));
        Number(point.GetHistogramSum());
        Text(family);
        Text("_count");
        Close(Labels(point.Tags));
        Number(point.GetHistogramCount());
    }

    private void Sample(string name, in ReadOnlyTagCollection tags, long value)
    {
        Text(name);
        Close(Labels(tags));
        Number(value);
    }

    private void Sample(string name, in ReadOnlyTagCollection tags, double value)
    {
        Text(name);
        Close(Labels(tags));
        Number(value);
    }

    /// <returns>What stands before one more label.</returns>
    private byte Labels(in ReadOnlyTagCollection tags)
    {
        byte before = (byte)'{';
        foreach ((string key, object? value) in tags)
        {
            Label(LabelNames.Of(key), value as string ?? (value is bool flag ? flag ? "true" : "false" : Convert.ToString(value, CultureInfo.InvariantCulture)) ?? "", ref before);
        }

        return before;
    }

    private void Close(byte before) => Text(before == '{' ? " " : "} ");

    private void Label(string name, string value, ref byte before)
    {
        Byte(before);
        Text(name);
        Text("=\"");
        Escaped(value, quotes: true);
        Text("\"");
        before = (byte)',';
    }

    private void Escaped(string text, bool quotes)
    {
        ReadOnlySpan<char> rest = text;
        for (int next; (next = quotes ? rest.IndexOfAny('\\', '\n', '"') : rest.IndexOfAny('\\', '\n')) >= 0; rest = rest[(next + 1)..])
        {
            Text(rest[..next]);
            Text(rest[next] switch { '\\' => "\\\\", '\n' => "\\n", _ => "\\\"" });
        }

        Text(rest);
    }

    private void Number(long value)
    {
        Utf8Formatter.TryFormat(value, _buffer.GetSpan(LongestNumber), out int length);
        _buffer.Advance(length);
        Byte((byte)'\n');
    }

    private void Number(double value)
    {
        Plain(value);
        Byte((byte)'\n');
    }

    /// <summary>A bound of a bucket; OpenMetrics wants a point in it.</summary>
    private void Bound(double bound)
    {
        Plain(bound);
        if (IsOpenMetrics && double.IsFinite(bound) && double.IsInteger(bound))
        {
            Text(".0");
        }
    }

    private void Plain(double value)
    {
        if (double.IsFinite(value))
        {
            value.TryFormat(_buffer.GetSpan(LongestNumber), out int length, default, CultureInfo.InvariantCulture);
            _buffer.Advance(length);
        }
        else
        {
            Text(double.IsNaN(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf");
        }
    }

    private void Byte(byte value)
    {
        _buffer.GetSpan(1)[0] = value;
        _buffer.Advance(1);
    }

    private void Text(ReadOnlySpan<char> text)
    {
        Span<byte> room = _buffer.GetSpan(Encoding.UTF8.GetMaxByteCount(text.Length));
        _buffer.Advance(Encoding.UTF8.GetBytes(text, room)); // half a character becomes a replacement character
    }
}
