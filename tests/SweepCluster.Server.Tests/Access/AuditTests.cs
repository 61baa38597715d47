using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using SweepCluster.Graphs;
using SweepCluster.Server.Access.Audit;
using SweepCluster.Server.Access.Tokens;
using SweepCluster.Testing;

namespace SweepCluster.Server.Tests.Access;

public sealed class AuditTests : IDisposable
{
    private static readonly string[] s_members =
        ["at", "request", "caller", "scope", "signIn", "address", "method", "route", "path", "subject", "status", "outcome", "reason"]; // as docs/security.md has them

    private static readonly AuditEntry s_entry = new(
        HandTime.Start, "id", "ada", "admin", "token", "127.0.0.1", "DELETE", "/api/v1/sweeps/{id}", "/api/v1/sweeps/7", "7", 204, "done", null);

    private readonly TemporaryFolder _folder = new();
    private readonly HandTime _time = new();

    private string LogFile => _folder["audit.jsonl"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Request_ThatChangesOrIsRefused_GetsALineAndNoOtherDoes()
    {
        await using Door door = await StartAsync();
        await SendAsync(door, HttpMethod.Get, "/api/v1/sweeps", door.Read);
        await SendAsync(door, HttpMethod.Delete, "/api/v1/sweeps/7?why=because", door.Admin);
        string id = await SendAsync(door, HttpMethod.Post, "/api/v1/sweeps", door.Read);
        await SendAsync(door, HttpMethod.Get, "/api/v1/sweeps", null);
        await SendAsync(door, HttpMethod.Post, "/absent", door.Submit);

        JsonElement[] lines = await LinesAsync(4);

        Assert.Equal(
            [
                ("chief", "admin", "token", "DELETE", "/api/v1/sweeps/{id}", "/api/v1/sweeps/7", "7", 200, "done", null),
                ("reader", "read", "token", "POST", "/api/v1/sweeps", "/api/v1/sweeps", null, 403, "refused", "found the scope read, expected submit"),
                (null, null, null, "GET", "/api/v1/sweeps", "/api/v1/sweeps", null, 401, "refused", "expected the header 'Authorization: Bearer' and a token, or a session of the sign-in page"),
                ("submitter", "submit", "token", "POST", null, "/absent", null, 404, "failed", null),
            ],
            lines.Select(line => (Text(line, "caller"), Text(line, "scope"), Text(line, "signIn"), Text(line, "method"), Text(line, "route"), Text(line, "path"), Text(line, "subject"),
                line.GetProperty("status").GetInt32(), Text(line, "outcome"), Text(line, "reason"))));
        Assert.Equal(id, Text(lines[1], "request"));
        Assert.All(lines, line =>
        {
            Assert.Equal(s_members, line.EnumerateObject().Select(member => member.Name));
            Assert.Equal(("127.0.0.1", HandTime.Start), (Text(line, "address"), line.GetProperty("at").GetDateTimeOffset()));
        });
    }

    [Theory]
    [InlineData("GET", "/a%0D%0A{\"outcome\":\"done\"}%00%1B[31m", "")]
    [InlineData("DELETE", "/api/v1/sweeps/a%0A%E2%80%A8%C2%85b", "")]
    [InlineData("PO\u0001ST", "/api/v1/sweeps", "")]
    [InlineData("POST", "/api/v1/sweeps", "Origin: http://a\t{\"x\":1}\r\n")]
    [InlineData("POST", "/api/v1/sweeps", "Authorization: Bearer x\tcaller=chief\r\n")]
    [InlineData("POST", "/api/v1/sweeps", "X-Request-Id: \t\u001b[31m\r\n")]
    public async Task Request_WithControlCharacters_WritesNoLineOfItsOwn(string method, string path, string headers)
    {
        await using Door door = await StartAsync();

        await DoorTests.RawAsync(door, $"{method} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 0\r\n{headers}\r\n");
        await SendAsync(door, HttpMethod.Delete, "/api/v1/sweeps/last", door.Admin);

        for (int attempt = 0; attempt < 3_000 && !(await File.ReadAllTextAsync(LogFile)).Contains("\"subject\":\"last\"", StringComparison.Ordinal); attempt++)
        {
            await Task.Delay(20); // until the last is over
        }

        Assert.Equal("last", Text(Lines()[^1], "subject"));
        Assert.InRange(Lines().Length, 1, 2); // what is no HTTP never comes to the door
        Assert.All((await File.ReadAllBytesAsync(LogFile)).Where(letter => letter != '\n'), letter => Assert.InRange(letter, (byte)0x20, (byte)0x7e));
    }

    [Fact]
    public void Write_WhateverItIsGiven_IsOneLineOfPlainText()
    {
        AuditLog log = Open();
        string hostile = "a\r\n{\"outcome\":\"done\"}\u0000\u001b[31m\u0085\u2028\u2029\u202e\ud800" + new string('x', 1000);

        log.Write(s_entry with { Request = hostile, Caller = hostile, Address = hostile, Method = hostile, Route = hostile, Path = hostile, Subject = hostile, Reason = hostile });

        JsonElement line = Assert.Single(Lines());
        Assert.All(File.ReadAllBytes(LogFile)[..^1], letter => Assert.InRange(letter, (byte)0x20, (byte)0x7e));
        Assert.All(line.EnumerateObject().Where(member => member.Value.ValueKind == JsonValueKind.String), member => Assert.InRange(member.Value.GetString()!.Length, 1, 256));
    }

    [Fact]
    public async Task Secrets_WhereverTheyAreSent_AreNotWritten()
    {
        await using Door door = await StartAsync();
        string jwt = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhZGEifQ.c2lnbmF0dXJl";
        await SendAsync(door, HttpMethod.Delete, $"/api/v1/sweeps/{door.Admin}", door.Admin);
        await SendAsync(door, HttpMethod.Delete, $"/api/v1/sweeps/x{door.Admin}y", door.Admin);
        await SendAsync(door, HttpMethod.Delete, $"/api/v1/sweeps/{jwt}", door.Admin);
        await SendAsync(door, HttpMethod.Post, $"/api/v1/sweeps?access_token={door.Admin}", door.Admin);
        await SendAsync(door, HttpMethod.Post, "/api/v1/sweeps", TokenSecret.New());
        await SendAsync(door, HttpMethod.Post, "/api/v1/sweeps", jwt);
        await SendAsync(door, HttpMethod.Post, "/sign-in", null, new FormUrlEncodedContent([new("token", door.Admin)]));

        Assert.Equal(7, (await LinesAsync(7)).Length);
        string written = await File.ReadAllTextAsync(LogFile);
        Assert.DoesNotContain("sweep_", written, StringComparison.Ordinal);
        Assert.DoesNotContain("eyJ", written, StringComparison.Ordinal);
        Assert.Equal((400, "/api/v1/sweeps/[secret]"), (Lines()[0].GetProperty("status").GetInt32(), Text(Lines()[0], "path")));
    }

    [Fact]
    public async Task File_ThatIsRenamed_IsBegunAgain()
    {
        await using Door door = await StartAsync();
        await SendAsync(door, HttpMethod.Delete, "/api/v1/sweeps/1", door.Admin);

        await LinesAsync(1);
        File.Move(LogFile, _folder["audit.1"]);
        await SendAsync(door, HttpMethod.Delete, "/api/v1/sweeps/2", door.Admin);

        Assert.Equal(["2"], (await LinesAsync(1)).Select(line => Text(line, "subject")));
        Assert.Single(await File.ReadAllLinesAsync(_folder["audit.1"]));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(LogFile) & (UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.GroupWrite));
        }
    }

    [Fact]
    public async Task File_ThatIsThere_IsAppendedTo()
    {
        await File.WriteAllTextAsync(LogFile, "{}\n");

        Open().Write(s_entry);

        Assert.Equal(2, Lines().Length);
    }

    [Fact]
    public void Open_WhereItCannotBeWritten_IsOneLine()
    {
        foreach (string file in (string[])[_folder.Path, _folder.At("absent", "audit.jsonl")])
        {
            string fault = Assert.Throws<BadInputException>(new AuditLog(file, _time, NullLogger<AuditLog>.Instance).Open).Message;

            Assert.StartsWith($"--audit {file}: ", fault, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', fault);
        }
    }

    [Fact]
    public async Task Write_WhileItCannot_IsNotReadyAndCountsWhatIsLost()
    {
        string folder = _folder.At("logs"), file = Path.Combine(folder, "audit.jsonl");
        Directory.CreateDirectory(folder);
        AuditLog log = new(file, _time, NullLogger<AuditLog>.Instance);
        log.Open();
        Directory.Delete(folder, recursive: true);

        log.Write(s_entry);
        log.Write(s_entry);

        Assert.Equal("the audit log cannot be written", await log.FindFaultAsync(default));
        Directory.CreateDirectory(folder);
        Assert.Null(await log.FindFaultAsync(default)); // without a request, which a process that is not ready does not get
        log.Write(s_entry);
        log.Write(s_entry);
        string[] lines = await File.ReadAllLinesAsync(file);
        Assert.Equal(2, JsonDocument.Parse(lines[0]).RootElement.GetProperty("linesLostBefore").GetInt32());
        Assert.False(JsonDocument.Parse(lines[1]).RootElement.TryGetProperty("linesLostBefore", out _));
    }

    [Fact]
    public void Write_AFloodOfRefusals_IsCountedAndChangesAreWrittenAllTheSame()
    {
        AuditLog log = Open();
        for (int i = 0; i < 1_500; i++)
        {
            log.Write(s_entry with { Outcome = "refused", Reason = "flood" });
        }

        log.Write(s_entry);

        JsonElement[] lines = Lines();
        Assert.Equal((1_001, 500), (lines.Length, lines[^1].GetProperty("refusalsNotWrittenBefore").GetInt32()));
        Assert.Equal("done", Text(lines[^1], "outcome"));
    }

    [Fact]
    public async Task Write_FromManyThreads_KeepsLinesWhole()
    {
        AuditLog log = Open();

        await Parallel.ForAsync(0, 400, (i, _) =>
        {
            log.Write(s_entry with { Subject = i.ToString(System.Globalization.CultureInfo.InvariantCulture) });
            return ValueTask.CompletedTask;
        });

        Assert.Equal(400, Lines().Select(line => Text(line, "subject")).Distinct().Count());
    }

    private static string? Text(JsonElement line, string member) => line.GetProperty(member).GetString();

    private static async Task<string> SendAsync(Door door, HttpMethod method, string path, string? bearer, HttpContent? content = null)
    {
        using HttpResponseMessage answer = await door.SendAsync(method, path, bearer, content: content);
        await answer.Content.ReadAsByteArrayAsync();
        return answer.Headers.GetValues("X-Request-Id").Single();
    }

    private AuditLog Open()
    {
        AuditLog log = new(LogFile, _time, NullLogger<AuditLog>.Instance);
        log.Open();
        return log;
    }

    // A line is written when the request is over, and its answer may be there a moment before.
    private async Task<JsonElement[]> LinesAsync(int count)
    {
        for (int attempt = 0; attempt < 3_000 && (!File.Exists(LogFile) || Lines().Length < count); attempt++)
        {
            await Task.Delay(20);
        }

        return Lines();
    }

    private JsonElement[] Lines() => [.. File.ReadAllLines(LogFile, Encoding.ASCII).Select(line => JsonDocument.Parse(line).RootElement)];

    private Task<Door> StartAsync() => Door.WithTokensAsync(access => access with { AuditFile = LogFile }, _time);
}
