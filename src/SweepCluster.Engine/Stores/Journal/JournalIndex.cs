using System.Text;
using System.Text.Json;
using SweepCluster.Engine.Indexes;
using SweepCluster.Engine.Jobs;

namespace SweepCluster.Engine.Stores.Journal;

/// <summary>Finds in a record what memory needs of it: names and places, not the text of jobs and results.</summary>
internal static class JournalIndex
{
    /// <summary>Reads a record.</summary>
    /// <param name="payload">The record's payload.</param>
    /// <param name="sweepId">The sweep of the record before: most are of the same one, and then share the text.</param>
    /// <exception cref="JsonException">It is no record that this program knows.</exception>
    internal static JournalMark Read(ReadOnlySpan<byte> payload, string? sweepId)
    {
        Utf8JsonReader reader = new(payload);
        Expect(ref reader, JsonTokenType.StartObject);
        Expect(ref reader, JsonTokenType.PropertyName);
        if (!reader.ValueTextEquals("entry"u8))
        {
            throw new JsonException($"'{reader.GetString()}' stands where 'entry' is expected");
        }

        Expect(ref reader, JsonTokenType.String);
        if (!reader.ValueTextEquals("result"u8) && !reader.ValueTextEquals("jobs"u8) && !reader.ValueTextEquals("sweep"u8))
        {
            return new JournalMark(JsonSerializer.Deserialize(payload, JournalJson.Default.JournalEntry) ?? throw new JsonException("null"));
        }

        JournalMark mark = new(reader.ValueTextEquals("result"u8) ? JournalMark.Result : reader.ValueTextEquals("jobs"u8) ? JournalMark.Appended : JournalMark.Added);
        while (Next(ref reader) == JsonTokenType.PropertyName)
        {
            Field(ref reader, mark, sweepId);
        }

        return mark;
    }

    /// <summary>A job from its text.</summary>
    internal static Job ReadJob(ReadOnlySpan<byte> text)
    {
        Utf8JsonReader reader = new(text);
        Expect(ref reader, JsonTokenType.StartObject);
        JobKind kind = default;
        string key = "", payload = "";
        string? subject = null;
        while (Next(ref reader) == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("kind"u8))
            {
                kind = Kind(ref reader);
            }
            else if (reader.ValueTextEquals("key"u8))
            {
                Expect(ref reader, JsonTokenType.String);
                key = reader.GetString()!;
            }
            else if (reader.ValueTextEquals("subject"u8))
            {
                Expect(ref reader, JsonTokenType.String);
                subject = reader.GetString();
            }
            else
            {
                payload = Encoding.UTF8.GetString(text[Value(ref reader)]);
            }
        }

        return subject is null ? new Job(kind, key, payload) : new Job(kind, key, payload) { Subject = subject };
    }

    /// <summary>A result from its text.</summary>
    internal static JobResult ReadResult(ReadOnlySpan<byte> text, bool isFailure)
    {
        if (!isFailure)
        {
            return JobResult.Of(Encoding.UTF8.GetString(text));
        }

        Utf8JsonReader reader = new(text);
        Expect(ref reader, JsonTokenType.String);
        return JobResult.Failed(reader.GetString()!);
    }

    private static void Field(ref Utf8JsonReader reader, JournalMark mark, string? sweepId)
    {
        if (reader.ValueTextEquals("sweep"u8))
        {
            Next(ref reader);
            if (reader.TokenType == JsonTokenType.StartObject)
            {
                mark.Sweep = JsonSerializer.Deserialize(ref reader, JournalJson.Default.SweepRecord) ?? throw new JsonException("no sweep");
                mark.SweepId = mark.Sweep.Id;
            }
            else
            {
                mark.SweepId = sweepId is not null && reader.ValueTextEquals(sweepId) ? sweepId : reader.GetString()!;
            }
        }
        else if (reader.ValueTextEquals("control"u8))
        {
            Next(ref reader);
            mark.Control = JsonSerializer.Deserialize(ref reader, JournalJson.Default.SweepControl);
        }
        else if (reader.ValueTextEquals("job"u8) || reader.ValueTextEquals("at"u8))
        {
            Expect(ref reader, JsonTokenType.Number);
            mark.At = reader.GetInt64();
        }
        else if (reader.ValueTextEquals("jobs"u8) || reader.ValueTextEquals("next"u8))
        {
            Jobs(ref reader, mark);
        }
        else if (reader.ValueTextEquals("payload"u8))
        {
            mark.Text = Value(ref reader);
        }
        else if (reader.ValueTextEquals("failure"u8))
        {
            mark.Text = Value(ref reader);
            mark.IsFailure = true;
        }
        else
        {
            throw new JsonException($"'{reader.GetString()}' is no part of it");
        }
    }

    private static void Jobs(ref Utf8JsonReader reader, JournalMark mark)
    {
        Expect(ref reader, JsonTokenType.StartArray);
        while (Next(ref reader) == JsonTokenType.StartObject)
        {
            int start = (int)reader.TokenStartIndex;
            JobKind kind = default;
            KeyHash key = default;
            KeyHash? subject = null;
            while (Next(ref reader) == JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("kind"u8))
                {
                    kind = Kind(ref reader);
                }
                else if (reader.ValueTextEquals("key"u8))
                {
                    key = Hash(ref reader);
                }
                else if (reader.ValueTextEquals("subject"u8))
                {
                    subject = Hash(ref reader);
                }
                else
                {
                    Value(ref reader);
                }
            }

            mark.Jobs.Add(new JournalJobMark(kind, key, subject ?? key, start..(int)reader.BytesConsumed));
        }
    }

    private static KeyHash Hash(ref Utf8JsonReader reader)
    {
        Expect(ref reader, JsonTokenType.String);
        return reader.ValueIsEscaped ? KeyHash.Of(reader.GetString()!) : KeyHash.Of(reader.ValueSpan);
    }

    private static JobKind Kind(ref Utf8JsonReader reader)
    {
        Expect(ref reader, JsonTokenType.String);
        return reader.ValueTextEquals("Trial"u8) ? JobKind.Trial
            : Enum.TryParse(reader.GetString(), out JobKind kind) ? kind
            : throw new JsonException($"no job is of the kind '{reader.GetString()}'");
    }

    /// <summary>Where the value that comes next lies.</summary>
    private static Range Value(ref Utf8JsonReader reader)
    {
        Next(ref reader);
        int start = (int)reader.TokenStartIndex;
        reader.Skip();
        return start..(int)reader.BytesConsumed;
    }

    private static JsonTokenType Next(ref Utf8JsonReader reader) => reader.Read() ? reader.TokenType : throw new JsonException("it ends too early");

    private static void Expect(ref Utf8JsonReader reader, JsonTokenType type)
    {
        if (Next(ref reader) != type)
        {
            throw new JsonException($"found {reader.TokenType}, expected {type}");
        }
    }
}
