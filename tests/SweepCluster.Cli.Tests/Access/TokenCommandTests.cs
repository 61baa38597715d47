using System.Security.Cryptography;
using System.Text;
using SweepCluster.Testing;

namespace SweepCluster.Cli.Tests.Access;

public sealed class TokenCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Tokens => _folder["tokens"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Token_WithoutAFile_PrintsTheSecretAndItsLine()
    {
        (int code, string output, string error) = await RunAsync("--name", "ada", "--scope", "submit", "--expires", "2999-12-31");

        string[] lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal((0, 2), (code, lines.Length));
        Assert.Matches("^sweep_[0-9A-Za-z]{49}$", lines[0]);
        Assert.Equal($"ada submit sha256:{HashOf(lines[0])} expires=2999-12-31T00:00:00Z", lines[1]);
        Assert.DoesNotContain(lines[0], error, StringComparison.Ordinal);
        Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task Token_AddedToAFile_PrintsTheSecretAloneAndKeepsTheFileFromOthers()
    {
        (int code, string secret, string error) = await RunAsync("--name", "ada", "--scope", "read", "--add-to", Tokens);
        (_, string second, _) = await RunAsync("--name", "grace", "--scope", "admin", "--add-to", Tokens);

        Assert.Equal(0, code);
        Assert.Matches("^sweep_[0-9A-Za-z]{49}$", secret);
        Assert.NotEqual(secret, second);
        Assert.Equal($"ada read sha256:{HashOf(secret)}\ngrace admin sha256:{HashOf(second)}\n", await File.ReadAllTextAsync(Tokens));
        Assert.EndsWith($"Its line is in {Tokens}.", error, StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Tokens));
        }
    }

    [Theory]
    [InlineData("ada")]
    [InlineData("ada read sha256:00", "\tada\tread sha256:00")]
    [InlineData("bob read sha256:00;ada read sha256:00")]
    public async Task Token_OfANameThatIsThere_IsRefusedAndTheFileStays(params string[] lines)
    {
        await File.WriteAllLinesAsync(Tokens, lines);
        string before = await File.ReadAllTextAsync(Tokens);

        (int code, string output, string error) = await RunAsync("--name", "ada", "--scope", "read", "--add-to", Tokens);

        Assert.Equal((2, "", $"--name: found 'ada', which {Tokens} has already, expected another name, or that its line is removed first."), (code, output, error));
        Assert.Equal(before, await File.ReadAllTextAsync(Tokens));
    }

    [Fact]
    public async Task Token_AddedToALastLineWithoutItsEnd_BeginsALine()
    {
        await File.WriteAllTextAsync(Tokens, "# ours");

        await RunAsync("--name", "ada", "--scope", "read", "--add-to", Tokens);

        string[] lines = await File.ReadAllLinesAsync(Tokens);
        Assert.Equal(("# ours", 2), (lines[0], lines.Length));
    }

    [Theory]
    [InlineData("a b", "read", null, "--name: found 'a b', expected letters, digits and . _ @ -, at most 64, a letter or digit first.")]
    [InlineData("ada;bob", "read", null, "--name: found 'ada;bob', expected letters, digits and . _ @ -, at most 64, a letter or digit first.")]
    [InlineData("ada", "all", null, "--scope: found 'all', expected read, submit or admin.")]
    [InlineData("ada", "read", "soon", "--expires: found 'soon', expected a day as 2027-01-31, or a time as 2027-01-31T12:00:00Z.")]
    [InlineData("ada", "read", "2001-01-01", "--expires: found '2001-01-01', which is past, expected a time to come.")]
    public async Task Token_WrongInput_IsOneLineAndMakesNoFile(string name, string scope, string? expires, string expected)
    {
        (int code, string output, string error) = await RunAsync(["--name", name, "--scope", scope, "--add-to", Tokens, .. expires is null ? Array.Empty<string>() : ["--expires", expires]]);

        Assert.Equal((2, "", expected), (code, output, error));
        Assert.False(File.Exists(Tokens));
    }

    [Fact]
    public async Task Token_FileThatCannotBeWritten_IsOneLineAndPrintsNoSecret()
    {
        foreach (string file in (string[])[_folder.Path, _folder.At("absent", "tokens")])
        {
            (int code, string output, string error) = await RunAsync("--name", "ada", "--scope", "read", "--add-to", file);

            Assert.Equal((2, ""), (code, output));
            Assert.StartsWith($"--add-to {file}: ", error, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', error);
        }
    }

    private static string HashOf(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(secret)));

    private static async Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments)
    {
        using StringWriter output = new(), error = new();
        int code = await SweepProgram.RunAsync(["token", .. arguments], output, error);
        return (code, output.ToString().TrimEnd('\n'), error.ToString().TrimEnd('\n'));
    }
}
