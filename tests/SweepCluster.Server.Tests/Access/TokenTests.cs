using Microsoft.Extensions.Logging.Abstractions;
using SweepCluster.Graphs;
using SweepCluster.Server.Access;
using SweepCluster.Server.Access.Tokens;
using SweepCluster.Testing;

namespace SweepCluster.Server.Tests.Access;

public sealed class TokenTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly HandTime _time = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void New_ManySecrets_AreWellFormedAndDiffer()
    {
        string[] secrets = [.. Enumerable.Range(0, 1000).Select(_ => TokenSecret.New())];

        Assert.All(secrets, secret => Assert.True(TokenSecret.IsWellFormed(secret)));
        Assert.Equal(1000, secrets.Distinct().Count());
        Assert.All(secrets, secret => Assert.Matches("^sweep_[0-9A-Za-z]{49}$", secret));
    }

    [Fact]
    public void IsWellFormed_ChecksumWorkedOutByZlib_Passes()
    {
        // Python: zlib.crc32(b"sweep_" + b"0" * 43), written with 62 digits.
        Assert.True(TokenSecret.IsWellFormed("sweep_" + new string('0', 43) + "1lGTdH"));
    }

    [Fact]
    public void IsWellFormed_OneLetterChanged_IsNoticed()
    {
        string secret = TokenSecret.New();

        for (int i = 0; i < secret.Length; i++)
        {
            string changed = secret[..i] + (secret[i] == 'a' ? 'b' : 'a') + secret[(i + 1)..];
            Assert.False(TokenSecret.IsWellFormed(changed), $"letter {i}");
        }

        Assert.False(TokenSecret.IsWellFormed(secret[..^1]));
        Assert.False(TokenSecret.IsWellFormed(secret + "0"));
        Assert.False(TokenSecret.IsWellFormed(""));
    }

    [Fact]
    public void Make_Token_LineHoldsTheHashAndNotTheSecret()
    {
        NewToken token = NewToken.Make("ci", "submit", "2027-01-31", HandTime.Start);

        Assert.Equal($"ci submit sha256:{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.ASCII.GetBytes(token.Secret)))} expires=2027-01-31T00:00:00Z", token.Line);
        Assert.DoesNotContain(token.Secret, token.Line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "read", null, "--name")]
    [InlineData("two words", "read", null, "--name")]
    [InlineData("a\nb", "read", null, "--name")]
    [InlineData("ci", "write", null, "--scope")]
    [InlineData("ci", "read", "tomorrow", "--expires")]
    [InlineData("ci", "read", "2026-11-19", "--expires")]
    public void Make_BadInput_NamesTheOption(string name, string scope, string? expires, string option) =>
        Assert.StartsWith(option, Assert.Throws<BadInputException>(() => NewToken.Make(name, scope, expires, HandTime.Start)).Message, StringComparison.Ordinal);

    [Fact]
    public void Read_LinesWithFaults_NamesEachLineAndKeepsTheOthers()
    {
        NewToken good = NewToken.Make("ci", "read", null, HandTime.Start), other = NewToken.Make("ci", "admin", null, HandTime.Start);
        string text = $"# people\n\n{good.Line}\nnonsense\n{other.Line}\nx read {good.Secret}\ny read sha256:12";

        var (tokens, faults) = TokenLines.Read("tokens", text);

        Assert.Equal("ci", Assert.Single(tokens).Name);
        Assert.Collection(
            faults,
            fault => Assert.StartsWith("tokens, line 4: found something else, expected 'name read|submit|admin", fault, StringComparison.Ordinal),
            fault => Assert.Equal("tokens, line 5: found the name 'ci' a second time.", fault),
            fault => Assert.StartsWith("tokens, line 6: found a token's secret", fault, StringComparison.Ordinal),
            fault => Assert.StartsWith("tokens, line 7:", fault, StringComparison.Ordinal));
        Assert.All(faults, fault => Assert.DoesNotContain(good.Secret, fault, StringComparison.Ordinal));
    }

    [Fact]
    public void Find_TokenOfTheFile_IsFoundUntilItsLineIsGone()
    {
        NewToken[] tokens = Door.MakeTokens();
        TokenBook book = Open(Write(Door.Lines(tokens)));
        Assert.Equal("submitter", book.Find(tokens[1].Secret)?.Name);

        Write(Door.Lines(tokens[0]));
        _time.Move(TimeSpan.FromSeconds(1));

        Assert.Null(book.Find(tokens[1].Secret));
        Assert.Equal("reader", book.Find(tokens[0].Secret)?.Name);
        Write(Door.Lines(tokens));
        _time.Move(TimeSpan.FromSeconds(1));
        Assert.Equal(AccessScope.Submit, book.Find(tokens[1].Secret)?.Scope);
    }

    [Fact]
    public void Find_FileTakenAway_SignsNobodyIn()
    {
        NewToken[] tokens = Door.MakeTokens();
        string file = Write(Door.Lines(tokens));
        TokenBook book = Open(file);

        File.Delete(file);
        _time.Move(TimeSpan.FromSeconds(2));

        Assert.Null(book.Find(tokens[0].Secret));
    }

    [Fact]
    public void Find_LineBrokenByAnEditor_OtherLinesHold()
    {
        NewToken[] tokens = Door.MakeTokens();
        TokenBook book = Open(Write(Door.Lines(tokens)));

        Write($"{tokens[0].Line}\n{tokens[1].Line[..30]}\n");
        _time.Move(TimeSpan.FromSeconds(2));

        Assert.NotNull(book.Find(tokens[0].Secret));
        Assert.Null(book.Find(tokens[1].Secret));
    }

    [Fact]
    public void Find_Expired_IsNotFound()
    {
        NewToken token = NewToken.Make("ci", "read", "2026-11-20T13:00:00Z", HandTime.Start);
        TokenBook book = Open(Write(token.Line));
        Assert.NotNull(book.Find(token.Secret));

        _time.Move(TimeSpan.FromHours(1));

        Assert.Null(book.Find(token.Secret));
    }

    [Fact]
    public void Open_FileThatOthersMayRead_IsRefused()
    {
        string file = Write(Door.MakeTokens()[0].Line);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
            Assert.Contains("found the permissions 604", Assert.Throws<BadInputException>(() => Open(file)).Message, StringComparison.Ordinal);
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.GroupRead);
        }

        Open(file);
    }

    [Theory]
    [InlineData("")]
    [InlineData("# nobody yet\n")]
    [InlineData("ci read sha256:short")]
    public void Open_NoTokenOrAWrongLine_IsRefused(string content) => Assert.Throws<BadInputException>(() => Open(Write(content)));

    [Fact]
    public void Open_NoFile_IsRefused() => Assert.Equal(
        $"--tokens {_folder["absent"]}: found no such file, expected one of tokens; 'sweep token --name NAME --scope read --add-to {_folder["absent"]}' begins it.",
        Assert.Throws<BadInputException>(() => Open(_folder["absent"])).Message);

    private TokenBook Open(string file)
    {
        TokenBook book = new(file, null, _time, NullLogger<TokenBook>.Instance);
        book.Open();
        return book;
    }

    private string Write(string content)
    {
        string file = _folder["tokens"];
        File.WriteAllText(file, content);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        return file;
    }
}
