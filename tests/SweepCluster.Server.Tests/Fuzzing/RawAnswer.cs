using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace SweepCluster.Server.Tests.Fuzzing;

/// <summary>What came back over the line.</summary>
/// <param name="Status">The status; 0: nothing came.</param>
/// <param name="ContentType">The type; empty: none.</param>
/// <param name="Head">Status line and headers.</param>
/// <param name="Body">The beginning of the body.</param>
internal sealed record RawAnswer(int Status, string ContentType, string Head, string Body)
{
    private const int MostBytes = 64 << 10; // of an answer; the rest is not read

    /// <summary>Sends bytes over a connection of their own and reads what comes back, of an answer without end its beginning.</summary>
    /// <param name="port">The server's port.</param>
    /// <param name="bytes">The request.</param>
    /// <param name="isAll">Whether to say that nothing follows, for who waits for more; a request that is whole is not ended so, since its sender would seem to have gone.</param>
    public static async Task<RawAnswer> AskAsync(int port, byte[] bytes, bool isAll)
    {
        using CancellationTokenSource limit = new(TimeSpan.FromMinutes(1));
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, port, limit.Token);
        try
        {
            for (int sent = 0; sent < bytes.Length;)
            {
                sent += await socket.SendAsync(bytes.AsMemory(sent), limit.Token);
            }

            if (isAll)
            {
                socket.Shutdown(SocketShutdown.Send);
            }
        }
        catch (SocketException)
        {
            // The server has refused before the end; what it said is read.
        }

        byte[] buffer = new byte[MostBytes];
        int length = 0;
        try
        {
            for (int read; length < MostBytes && (read = await socket.ReceiveAsync(buffer.AsMemory(length), limit.Token)) > 0;)
            {
                length += read;
                if (Encoding.Latin1.GetString(buffer, 0, length).Contains("text/event-stream", StringComparison.Ordinal))
                {
                    break;
                }
            }
        }
        catch (SocketException)
        {
            // Cut off.
        }

        return Parse(Encoding.Latin1.GetString(buffer, 0, length));
    }

    private static RawAnswer Parse(string text)
    {
        while (text.StartsWith("HTTP/1.1 100", StringComparison.Ordinal) && text.Contains("\r\n\r\n", StringComparison.Ordinal))
        {
            text = text[(text.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..];
        }

        int end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (end < 0 || !text.StartsWith("HTTP/1.1 ", StringComparison.Ordinal))
        {
            return new RawAnswer(0, "", text, "");
        }

        string head = text[..end];
        string type = head.Split("\r\n").FirstOrDefault(line => line.StartsWith("Content-Type: ", StringComparison.OrdinalIgnoreCase))?["Content-Type: ".Length..] ?? "";
        return new RawAnswer(int.Parse(head.AsSpan(9, 3), CultureInfo.InvariantCulture), type, head, text[(end + 4)..]);
    }
}
