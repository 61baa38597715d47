using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace SweepCluster.Server.Tests.Fuzzing;

/// <summary>Makes malformed and hostile requests out of operations: each is one of them with one to three things changed. The same number gives the same request.</summary>
internal sealed class RequestForge(ApiOperation[] operations, string host, string sweep, string formToken, int seed)
{
    private static readonly string[] s_methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PROPFIND", "get", "X", new('M', 200)];

    public ForgedRequest Make(int number)
    {
        Random random = new(seed + number);
        if (random.Next(50) == 0)
        {
            return new ForgedRequest(Encoding.Latin1.GetBytes(Line(random)), IsApi: false, IsBrokenHttp: true);
        }

        ApiOperation operation = operations[random.Next(operations.Length)];
        Draft draft = new(operation, Fill(random, operation.Path, operation.Method == "DELETE" || operation.Path.EndsWith("/remove", StringComparison.Ordinal) ? "ffff" : sweep));
        foreach (string header in operation.Headers.Where(_ => random.Next(2) == 0))
        {
            draft.Headers.Add($"{header}: {OneLine(Pick(random, HostileValues.Texts))}");
        }

        for (int changes = random.Next(1, 4); changes > 0; changes--)
        {
            Change(random, operation, draft);
        }

        return draft.Write(host);
    }

    private static T Pick<T>(Random random, T[] values) => values[random.Next(values.Length)];

    private static string OneLine(string text) => text.Replace('\r', ' ').Replace('\n', ' ').Replace('\0', ' ');

    private static string Escape(Random random, string text) => random.Next(4) == 0 ? string.Concat(text.Where(letter => letter is > ' ' and < '\x7f')) : Uri.EscapeDataString(string.Concat(text.Where(letter => !char.IsSurrogate(letter))));

    private static string Fill(Random random, string path, string sweep)
    {
        StringBuilder filled = new();
        foreach (string part in path.Split('/').Skip(1))
        {
            string value = !part.StartsWith('{') ? part
                : part.StartsWith("{sha256", StringComparison.Ordinal) ? new string('0', 64)
                : part.StartsWith("{trial", StringComparison.Ordinal) ? (random.Next(2) == 0 ? "baseline" : "mixed-01")
                : sweep;
            filled.Append('/').Append(value);
        }

        return filled.ToString();
    }

    private static string Line(Random random) => random.Next(8) switch
    {
        0 => "GET / HTTP/9.9\r\nHost: 127.0.0.1\r\n\r\n",
        1 => "GET /api/v1/sweeps\r\n\r\n",
        2 => new string('A', random.Next(1, 20_000)),
        3 => "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + new string('\x01', 200), // begins TLS
        4 => "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + new string('\0', 9),
        5 => "GET http://evil.example/ HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n",
        6 => "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n bad: folded\r\n\r\n",
        _ => "POST /api/v1/sweeps HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5\r\nContent-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    };

    private static void Mutate(Random random, JsonNode? node, int depth)
    {
        switch (node)
        {
            case JsonObject members when members.Count > 0:
                string name = members.ElementAt(random.Next(members.Count)).Key;
                switch (random.Next(5))
                {
                    case 0:
                        members.Remove(name);
                        break;
                    case 1:
                        members[Pick(random, HostileValues.Texts)] = HostileValues.Json(random);
                        break;
                    case 2 when depth < 4:
                        Mutate(random, members[name], depth + 1);
                        break;
                    default:
                        members[name] = HostileValues.Json(random);
                        break;
                }

                break;
            case JsonArray items when items.Count > 0 && random.Next(3) > 0:
                int index = random.Next(items.Count);
                if (random.Next(2) == 0 && depth < 4)
                {
                    Mutate(random, items[index], depth + 1);
                }
                else
                {
                    items[index] = HostileValues.Json(random);
                }

                break;
            case JsonArray items:
                for (int count = random.Next(1, 300); count > 0; count--)
                {
                    items.Add(HostileValues.Json(random));
                }

                break;
        }
    }

    private void Change(Random random, ApiOperation operation, Draft draft)
    {
        switch (random.Next(14))
        {
            case 0:
                draft.Path = Fill(random, operation.Path, Escape(random, Pick(random, HostileValues.Texts)));
                break;
            case 1:
                draft.Path += Pick(random, ["/", "//", "/..", "/../../etc/passwd", "/%2e%2e/%2e%2e", "/%00", "/%", "/%zz", ";x=1", "/\u00ff", ".json", "/" + new string('a', random.Next(1, 9_000))]);
                break;
            case 2:
                string[] names = operation.Query.Length > 0 && random.Next(4) > 0 ? operation.Query : ["limit", "after", "x", "page", "sort", "where", "return", "have", "find", "token"];
                for (int count = random.Next(1, 6); count > 0; count--)
                {
                    draft.Query.Add($"{Pick(random, names)}={Escape(random, random.Next(2) == 0 ? Pick(random, HostileValues.Texts) : HostileValues.Number(random))}");
                }

                break;
            case 3:
                draft.Query.Add(Pick(random, ["&&&", "=", "?", "%", "a&b&c", "limit", "limit=1&limit=2", string.Concat(Enumerable.Repeat("x=1&", 1_200))]));
                break;
            case 4:
                draft.Method = Pick(random, s_methods);
                draft.Method = draft.Method == "DELETE" && draft.Path.Contains(sweep, StringComparison.Ordinal) ? "LINK" : draft.Method; // the sweep is needed to the end
                break;
            case 5:
                draft.ContentType = Pick(random, HostileValues.ContentTypes);
                break;
            case 6 or 7 when draft.Json is not null:
                Mutate(random, draft.Json, 0);
                break;
            case 6 or 7:
                draft.Body = HostileValues.Garbage(random);
                break;
            case 8:
                (draft.Body, draft.Json) = (HostileValues.Garbage(random), null);
                break;
            case 9 when draft.Json is JsonObject members && members.ContainsKey("spec"):
                members["spec"] = Pick(random, HostileValues.Specs);
                members["files"] = new JsonArray();
                break;
            case 9 or 10:
                for (int count = random.Next(1, 4); count > 0; count--)
                {
                    draft.Headers.Add(Pick(random, HostileValues.Headers));
                }

                break;
            case 11:
                draft.Framing = (Framing)random.Next(1, 8);
                break;
            case 12:
                Form(random, draft);
                break;
            default:
                draft.Truncation = random.NextDouble();
                break;
        }
    }

    private void Form(Random random, Draft draft)
    {
        string token = random.Next(3) == 0 ? Pick(random, HostileValues.Texts) : formToken;
        draft.Json = null;
        if (random.Next(2) == 0)
        {
            draft.ContentType = "application/x-www-form-urlencoded";
            draft.Body = Encoding.Latin1.GetBytes($"form-token={token}&priority={Escape(random, Pick(random, HostileValues.Texts))}&{Escape(random, Pick(random, HostileValues.Texts))}&%zz&=&spec={Escape(random, Pick(random, HostileValues.Texts))}"
                + (random.Next(4) == 0 ? string.Concat(Enumerable.Range(0, 2_000).Select(i => $"&k{i}=v")) : ""));
            return;
        }

        string boundary = Pick(random, ["x", "--", new string('b', 150), "a b", "\u00ff"]);
        draft.ContentType = $"multipart/form-data; boundary={boundary}";
        string name = Pick(random, ["file", "../../etc/cron.d/x", "spec", "a\"; filename=\"b", new string('n', 5_000), ""]);
        StringBuilder body = new();
        for (int part = random.Next(1, 40); part > 0; part--)
        {
            body.Append(CultureInfo.InvariantCulture, $"--{boundary}\r\nContent-Disposition: form-data; name=\"{(part == 1 ? "form-token" : OneLine(name))}\"{(random.Next(2) == 0 ? "; filename=\"../../x\"" : "")}\r\n");
            body.Append(random.Next(6) == 0 ? string.Concat(Enumerable.Repeat("X-Header: 1\r\n", 40)) : "").Append("\r\n").Append(part == 1 ? token : new string('z', random.Next(0, 4_000))).Append("\r\n");
        }

        draft.Body = Encoding.Latin1.GetBytes(body.Append(random.Next(3) == 0 ? "" : $"--{boundary}--\r\n").ToString());
    }
}
