using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using SweepCluster.Server.Api.OpenApi;
using SweepCluster.Server.Api.Problems;

namespace SweepCluster.Server.Api.Submissions;

/// <summary>Answers by idempotency key: who asks the same twice gets the same answer, and nothing is done twice. Kept for a day, the latest 10,000, in memory: handing in again after a restart of the server finds the sweep anyway.</summary>
internal sealed class IdempotencyKeys(ServerOptions options)
{
    internal const string Header = "Idempotency-Key";

    /// <summary>What the OpenAPI document says of the header.</summary>
    internal static HeaderParameter Parameter { get; } = new(Header, "A text of the caller's own: the same request with the same key is done once and gets the same answer, for a day.", MostLength);

    private const int MostKeys = 10_000;
    private const int MostLength = 200;
    private static readonly TimeSpan s_age = TimeSpan.FromDays(1);

    private readonly Lock _gate = new();
    private readonly OrderedDictionary<string, Entry> _entries = new(StringComparer.Ordinal); // in the order in which they came

    /// <summary>Does what is asked, or gives the answer of the first time. A first time that failed is forgotten.</summary>
    /// <param name="context">The request.</param>
    /// <param name="caller">Who asks: a key is one's own.</param>
    /// <param name="body">What is asked, in full.</param>
    /// <param name="answer">Does it.</param>
    /// <exception cref="ProblemException">The key is none, or stands for another request.</exception>
    internal async Task<T> OnceAsync<T>(HttpContext context, string caller, ReadOnlyMemory<byte> body, Func<Task<T>> answer)
        where T : class
    {
        string key = context.Request.Headers[Header].ToString();
        if (key.Length == 0)
        {
            return await answer();
        }

        if (key.Length > MostLength || key.Any(letter => letter is < ' ' or > '~'))
        {
            throw new ProblemException(ProblemKind.Malformed, $"{Header}: found a key of {key.Length} characters, expected at most {MostLength} of ASCII.");
        }

        string name = Hash(Encoding.UTF8.GetBytes($"{context.Request.Method} {context.Request.Path}\n{caller}\n{key}")), request = Hash(body.Span);
        Entry entry = Enter(name, request);
        try
        {
            await entry.Gate.WaitAsync(context.RequestAborted);
            try
            {
                return (T)(entry.Answer ??= await answer());
            }
            finally
            {
                entry.Gate.Release();
            }
        }
        finally
        {
            Leave(name, entry);
        }
    }

    private Entry Enter(string name, string request)
    {
        lock (_gate)
        {
            for (int at = 0; at < _entries.Count && (_entries.Count >= MostKeys || options.Time.GetElapsedTime(_entries.GetAt(at).Value.At) >= s_age);)
            {
                if (_entries.GetAt(at).Value.Users > 0)
                {
                    at++; // under way
                }
                else
                {
                    _entries.RemoveAt(at);
                }
            }

            if (!_entries.TryGetValue(name, out Entry? entry))
            {
                _entries.Add(name, entry = new Entry(request, options.Time.GetTimestamp()));
            }

            if (entry.Request != request)
            {
                throw new ProblemException(ProblemKind.KeyReused, $"{Header}: found a key that stands for another request, expected a new one.");
            }

            entry.Users++;
            return entry;
        }
    }

    // Who failed leaves the entry to those who wait for it: forgotten at once, it would be made anew, and two would run.
    private void Leave(string name, Entry entry)
    {
        lock (_gate)
        {
            if (--entry.Users == 0 && entry.Answer is null)
            {
                _entries.Remove(name);
            }
        }
    }

    private static string Hash(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private sealed class Entry(string request, long at)
    {
        internal string Request { get; } = request;

        internal long At { get; } = at;

        internal SemaphoreSlim Gate { get; } = new(1);

        /// <summary>Requests that are at it or wait; an entry with some is not removed.</summary>
        internal int Users { get; set; }

        internal object? Answer { get; set; }
    }
}
