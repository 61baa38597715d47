using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace SweepCluster.Server.Access.Sessions;

/// <summary>The sessions that are open. They live in this process: who meets another one signs in again. Thread-safe.</summary>
internal sealed class SessionBook(TimeSpan lifetime, TimeProvider time)
{
    private const int MostSessions = 10_000;
    private const int MostOfOne = 50; // of one caller; the oldest is ended

    private readonly Lock _lock = new();
    private readonly Dictionary<string, SessionTicket> _sessions = [];

    /// <summary>Begins a session.</summary>
    /// <returns>The secret for the browser, and the session.</returns>
    internal (string Secret, SessionTicket Ticket) Begin(Caller caller)
    {
        string secret = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        DateTimeOffset now = time.GetUtcNow(), end = now + lifetime;
        SessionTicket ticket = new(Hash(secret), caller, FormTokens.New(), caller.Expires is { } latest && latest < end ? latest : end);
        lock (_lock)
        {
            foreach (SessionTicket past in _sessions.Values.Where(session => session.Expires <= now).ToArray())
            {
                _sessions.Remove(past.Hash);
            }

            EndOldest(session => session.Caller.Key == caller.Key, MostOfOne);
            EndOldest(_ => true, MostSessions);
            _sessions[ticket.Hash] = ticket;
        }

        return (secret, ticket);
    }

    /// <summary>The session of a secret; null where there is none or it is over.</summary>
    internal SessionTicket? Find(string secret)
    {
        lock (_lock)
        {
            // What is looked up is a hash: where the look-up stops tells nothing of a secret.
            return _sessions.TryGetValue(Hash(secret), out SessionTicket? ticket) && time.GetUtcNow() < ticket.Expires ? ticket : null;
        }
    }

    /// <summary>Ends a session.</summary>
    internal void End(SessionTicket ticket)
    {
        lock (_lock)
        {
            _sessions.Remove(ticket.Hash);
        }
    }

    /// <summary>Whether a session is still open.</summary>
    internal bool IsOpen(SessionTicket ticket)
    {
        lock (_lock)
        {
            return _sessions.ContainsKey(ticket.Hash) && time.GetUtcNow() < ticket.Expires;
        }
    }

    private static string Hash(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));

    private void EndOldest(Func<SessionTicket, bool> which, int most)
    {
        if (_sessions.Values.Count(which) >= most && _sessions.Values.Where(which).MinBy(session => session.Expires) is { } oldest)
        {
            _sessions.Remove(oldest.Hash);
        }
    }
}
