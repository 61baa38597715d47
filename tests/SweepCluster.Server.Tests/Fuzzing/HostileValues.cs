using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace SweepCluster.Server.Tests.Fuzzing;

/// <summary>Values that programs stumble over.</summary>
internal static class HostileValues
{
    public static string[] Texts { get; } =
    [
        "", " ", "0", "-1", "null", "true", "NaN", "Infinity", "1e999", "9223372036854775808", "-9223372036854775809", "99999999999999999999999999999999", "0x10", "1,5", "..", "../..", "../../../../etc/passwd",
        "/etc/passwd", "//server/share", "C:\\Windows\\win.ini", "..\\..\\x", "a/../../b", "./a", "a//b", "~", "~root", "$HOME", "%s%n", "${jndi:ldap://x}", "{{7*7}}", "<script>alert(1)</script>", "' OR 1=1 --",
        "; rm -rf /", "`id`", "$(id)", "| id", "a\0b", "\0", "\r\nX-Injected: 1", "\n", "\t", "\u2028", "\u202e", "\ufeff", "\ud83d\ude00", "e\u0301", "ÿ", "CON", "nul.txt", ".", ".git", "-rf", "--help",
        "file:///etc/passwd", "http://169.254.169.254/", "*", "?", "#", "&", "=", "a=b", "size<1", "size<", "((((((((((", "not not not", "top1>=86 and", "\"", "\\", "'", "/", "%", "%zz", "%2e%2e%2f", "%00", "%ff", "%c0%af",
        new('a', 300), new('9', 400), new('(', 2_000), new('é', 3_000), string.Concat(Enumerable.Repeat("../", 500)), string.Concat(Enumerable.Repeat("a/", 1_000)),
    ];

    public static string[] JsonTexts { get; } =
    [
        "null", "true", "false", "0", "-0", "-1", "1e400", "-1e400", "1e-400", "9223372036854775807", "9223372036854775808", "0.1", "1.0", "2147483648", "-2147483649", "[]", "{}", "[[]]", "[null]", "{\"\":0}",
        "{\"a\":{\"a\":{}}}", "\"\\ud800\"", "\"\\u0000\"", "\"NaN\"", "\"Infinity\"", "\"\"", "\"text\"", "[1,2,3]", "{\"$ref\":\"#\"}", "{\"__proto__\":{}}", "{\"$type\":\"System.Object\"}",
    ];

    /// <summary>Spec texts that grow when they are read, or that name what is none of theirs.</summary>
    public static string[] Specs { get; } =
    [
        "", " ", "\t", "---\n---\n", "a", "[", "{", "- - - -", "a: &a [*a]", "&a {b: *a}", "model: *missing", "<<: *x", "!!binary AAAA", "!<tag:yaml.org,2002:python/object> x", "%YAML 9.9\n---\nx", "\ufeffmodel: x", "model: x\nmodel: y",
        "model: ../../etc/passwd\ndata: {path: /etc/passwd}\nschemes: [{palettize: {nbits: [4]}}]",
        "model: Net.mlpackage\ndata: {path: ../../x.npz}\nschemes: [{palettize: {nbits: [4]}}]",
        "model: http://169.254.169.254/latest\ndata: {path: test.npz}\nschemes: [{palettize: {nbits: [4]}}]",
        "model: Net.mlpackage\ndata: {path: test.npz}\nevaluate: {command: [/bin/sh, -c, id]}\nschemes: [{palettize: {nbits: [4]}}]",
        "model: Net.mlpackage\ndata: {path: test.npz}\nschemes: [{palettize: {nbits: [99999999999999999999]}}]",
        "model: Net.mlpackage\ndata: {path: test.npz}\nseed: 1e999\nschemes: []",
        Bomb(), string.Concat(Enumerable.Repeat("[", 20_000)), string.Concat(Enumerable.Repeat("{a: ", 5_000)), string.Concat(Enumerable.Range(0, 2_000).Select(depth => new string(' ', depth) + "a:\n")),
        "schemes: [" + string.Concat(Enumerable.Repeat("{palettize: {nbits: [1,2,3,4,6,8]}},", 3_000)) + "]", "name: " + new string('n', 100_000), "x: |\n" + string.Concat(Enumerable.Repeat("  line\n", 20_000)),
        "? [a, b]\n: c", "a: 'unclosed", "a: \"\\xzz\"", "\0", "a: \u0085b", "- *a\n- &a b",
    ];

    public static string[] Headers { get; } =
    [
        "Range: bytes=0-", "Range: bytes=-0", "Range: bytes=5-1", "Range: bytes=99999999999999999999-", "Range: bytes=0-0,0-0,0-0,0-0", "Range: items=1-2", "Range: bytes=", "If-Match: *", "If-Match: \"x\", W/\"y\"", "If-Match: x",
        "If-None-Match: \"\"", "If-None-Match: *", "If-Range: \"x\"", "If-Range: yesterday", "If-Modified-Since: never", "If-Unmodified-Since: Thu, 99 Foo 2026 99:99:99 GMT", "Last-Event-ID: -1", "Last-Event-ID: 99999999999999999999",
        "Last-Event-ID: x", "Last-Event-ID: ", "Last-Event-ID: 9223372036854775807", "Idempotency-Key: ", "Idempotency-Key: a", "Idempotency-Key: a\tb", "Accept: ", "Accept: x", "Accept: text/html;q=9", "Accept: */*;q=0", "Accept: text/event-stream",
        "Accept-Encoding: br;q=2, gzip;q=x", "Accept-Encoding: identity;q=0, *;q=0", "Content-Encoding: gzip", "Content-Encoding: br, br, br", "Expect: 100-continue", "Expect: 200-ok", "Connection: upgrade", "Upgrade: websocket", "Upgrade: h2c",
        "Cookie: sweep-session=x", "Cookie: ;;;;=;=", "Cookie: a=\"\\\"", "X-HTTP-Method-Override: DELETE", "Authorization: Basic Og==", "Authorization: Bearer x", "X-Form-Token: x", "X-Live: 1", "Traceparent: 00-x", "Traceparent: 00-00000000000000000000000000000000-0000000000000000-01",
        "Baggage: " + new string('a', 4_000), "Content-Language: \u00ff", "Accept-Language: " + string.Concat(Enumerable.Repeat("x,", 1_000)), "Origin: null", "Origin: http://evil.example", "Sec-Fetch-Site: cross-site", "Referer: http://[", "Content-MD5: x", "Te: trailers", "Date: x",
    ];

    public static string[] ContentTypes { get; } =
    [
        "", "text/plain", "application/xml", "application/json; charset=utf-16", "application/json; charset=nonsense", "application/json;", "application/problem+json", "APPLICATION/JSON", "multipart/form-data", "multipart/form-data; boundary=",
        "multipart/form-data; boundary=x", "application/x-www-form-urlencoded", "application/x-www-form-urlencoded; charset=utf-7", "application/octet-stream", "*/*", "a", "/", "application/json, text/plain", "application/json\u00ff",
    ];

    /// <summary>Any JSON, down to some depth.</summary>
    public static JsonNode? Json(Random random)
    {
        string text = JsonTexts[random.Next(JsonTexts.Length)];
        return random.Next(3) == 0 ? JsonValue.Create(Texts[random.Next(Texts.Length)]) : text.Contains("e400", StringComparison.Ordinal) || text.Contains("ud800", StringComparison.Ordinal) ? JsonValue.Create(random.NextDouble() * 1e300) : JsonNode.Parse(text);
    }

    /// <summary>A body that is no JSON, or too much of it.</summary>
    public static byte[] Garbage(Random random)
    {
        byte[] bytes = new byte[random.Next(0, 4_000)];
        random.NextBytes(bytes);
        return random.Next(10) switch
        {
            0 => bytes,
            1 => Encoding.UTF8.GetBytes(new string('[', random.Next(1, 100_000))),
            2 => Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("{\"a\":", random.Next(1, 20_000)))),
            3 => Encoding.Unicode.GetBytes("{\"spec\":\"x\"}"),
            4 => [0xEF, 0xBB, 0xBF, (byte)'{', (byte)'}'],
            5 => [.. "{\"spec\":\""u8, 0xC0, 0x80, 0xFF, 0xFE, .. "\"}"u8],
            6 => Encoding.UTF8.GetBytes($"{{\"spec\":{new string('9', random.Next(1, 50_000))}}}"),
            7 => Encoding.UTF8.GetBytes($"{{{string.Join(',', Enumerable.Range(0, random.Next(1, 5_000)).Select(i => $"\"k{i}\":{i}"))}}}"),
            8 => [0x1F, 0x8B, 0x08, 0, 0, 0, 0, 0, .. bytes], // calls itself gzip
            _ => Encoding.UTF8.GetBytes("{\"spec\":\"x\",\"spec\":\"y\",\"name\":1} trailing"),
        };
    }

    public static string Number(Random random) => random.Next(4) switch
    {
        0 => random.NextInt64(long.MinValue, long.MaxValue).ToString(CultureInfo.InvariantCulture),
        1 => (random.NextDouble() * 1e308).ToString("R", CultureInfo.InvariantCulture),
        2 => "-" + new string('1', random.Next(1, 60)),
        _ => random.Next(-3, 2_000).ToString(CultureInfo.InvariantCulture),
    };

    // Nine levels of ten aliases: a billion entries for who writes them out.
    private static string Bomb()
    {
        StringBuilder text = new("a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n");
        for (int level = 1; level < 10; level++)
        {
            text.Append(CultureInfo.InvariantCulture, $"a{level}: &a{level} [{string.Join(',', Enumerable.Repeat($"*a{level - 1}", 10))}]\n");
        }

        return text.Append("schemes: *a9\nmodel: *a9\n").ToString();
    }
}
