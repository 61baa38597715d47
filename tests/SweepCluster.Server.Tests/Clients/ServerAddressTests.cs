using SweepCluster.Graphs;
using SweepCluster.Server.Clients;

namespace SweepCluster.Server.Tests.Clients;

public sealed class ServerAddressTests
{
    [Theory]
    [InlineData("https://sweeps.example.org", "https://sweeps.example.org/", "https://sweeps.example.org")]
    [InlineData("https://sweeps.example.org:8443/team/", "https://sweeps.example.org:8443/team/", "https://sweeps.example.org:8443/team")]
    [InlineData("http://127.0.0.1:8080/", "http://127.0.0.1:8080/", "http://127.0.0.1:8080")]
    [InlineData("http://localhost:8080", "http://localhost:8080/", "http://localhost:8080")]
    [InlineData("http://[::1]:8080", "http://[::1]:8080/", "http://[::1]:8080")]
    public void Read_AnAddress_IsTakenWithAToken(string given, string url, string place)
    {
        ServerAddress address = ServerAddress.Read(given, "secret", null);

        Assert.Equal((url, place), (address.Url.ToString(), address.Place));
        Assert.DoesNotContain("secret", address.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("here")]
    [InlineData("ftp://sweeps.example.org")]
    [InlineData("sweeps.example.org:8080")]
    [InlineData("https://")]
    [InlineData("https://sweeps.example.org/?token=x")]
    [InlineData("https://sweeps.example.org/#x")]
    public void Read_NoAddress_IsRefused(string given) => Assert.Equal(
        $"--server: found '{given}', expected the address of a 'sweep serve', as https://sweeps.example.org or http://127.0.0.1:8080.",
        Assert.Throws<BadInputException>(() => ServerAddress.Read(given, null, null)).Message);

    [Theory]
    [InlineData("https://me:hidden@sweeps.example.org")]
    [InlineData("ftp://me:hidden@sweeps.example.org")]
    public void Read_APasswordInTheAddress_IsRefusedAndNotShown(string given) =>
        Assert.DoesNotContain("hidden", Assert.Throws<BadInputException>(() => ServerAddress.Read(given, null, null)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("http://sweeps.example.org")]
    [InlineData("http://10.0.0.7:8080")]
    [InlineData("http://127.0.0.1.example.org")]
    public void Read_ATokenThatWouldCrossTheNetworkUnencrypted_IsRefused(string given)
    {
        BadInputException error = Assert.Throws<BadInputException>(() => ServerAddress.Read(given, "secret", null));

        Assert.Equal($"--server {given}: found a token that would cross the network unencrypted, expected https, or http to this machine (127.0.0.1, localhost), as through an ssh tunnel.", error.Message);
        Assert.NotNull(ServerAddress.Read(given, null, null));
    }

    [Theory]
    [InlineData("two words\nand a line")]
    [InlineData("a\r\nX-Evil: b")]
    public void Read_ATokenThatIsNone_IsRefusedAndNotShown(string token) => Assert.Equal(
        "token: found characters that no token has, expected one line of letters, digits and punctuation.",
        Assert.Throws<BadInputException>(() => ServerAddress.Read("https://sweeps.example.org", token, null)).Message);
}
