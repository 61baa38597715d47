using System.Net;
using System.Net.Sockets;
using System.Text;

namespace SweepCluster.Server.Tests.Access;

/// <summary>Who sends slowly is not waited for. What ends these tests is the server; where it did not, they would not end.</summary>
public sealed class SlowRequestTests
{
    [Theory]
    [InlineData("POST /api/v1/sweeps")]
    [InlineData("PUT /api/v1/blobs/1")] // may take any time, as long as bytes flow
    public async Task Body_ThatDoesNotCome_IsCutOff(string line)
    {
        await using Door door = await Door.OpenAsync();

        string answer = await EndAsync(door, $"{line} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n1");

        Assert.StartsWith("HTTP/1.1 408 ", answer, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, await door.StatusAsync("/open"));
    }

    [Fact]
    public async Task Headers_ThatDoNotEnd_AreCutOff()
    {
        await using Door door = await Door.OpenAsync();

        string answer = await EndAsync(door, "GET /open HTTP/1.1\r\nHost: localhost\r\nX-A: ");

        Assert.StartsWith("HTTP/1.1 408 ", answer, StringComparison.Ordinal);
    }

    // Reads until the server closes the connection.
    private static async Task<string> EndAsync(Door door, string request)
    {
        using TcpClient client = new();
        await client.ConnectAsync(IPAddress.Loopback, door.Address.Port);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(request));
        using StreamReader reader = new(client.GetStream(), Encoding.ASCII);
        return await reader.ReadToEndAsync();
    }
}
