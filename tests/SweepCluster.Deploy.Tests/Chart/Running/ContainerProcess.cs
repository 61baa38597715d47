using System.Globalization;
using System.Runtime.Versioning;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using SweepCluster.Deploy.Tests.Chart.Checks;
using SweepCluster.Deploy.Tests.Chart.Rendering;

namespace SweepCluster.Deploy.Tests.Chart.Running;

/// <summary>Starts what a rendered container says, as a kubelet would: variables from Secrets and the pod itself, volumes as folders, Secrets in them behind the link that a kubelet makes.</summary>
[UnsupportedOSPlatform("windows")]
internal sealed partial class ContainerProcess : IDisposable
{
    private readonly KubernetesObject _item;
    private readonly SweepProcess _process;

    /// <summary>Starts the one container of a workload.</summary>
    /// <param name="release">Where its Secrets are.</param>
    /// <param name="item">The workload.</param>
    /// <param name="secrets">Secrets of the user's.</param>
    /// <param name="folder">Where volumes lie.</param>
    /// <param name="change">Changes the environment as the network of a cluster would (names that only it can resolve); null: nothing.</param>
    internal ContainerProcess(Release release, KubernetesObject item, Dictionary<string, Dictionary<string, string>> secrets, TemporaryFolder folder, Action<Dictionary<string, string>>? change = null)
    {
        _item = item;
        Dictionary<string, Dictionary<string, string>> all = new(secrets);
        foreach (KubernetesObject secret in release.OfKind("Secret"))
        {
            all[secret.Name] = (secret.Body["stringData"]?.AsObject() ?? []).ToDictionary(pair => pair.Key, pair => (string)pair.Value!);
        }

        JsonObject container = item.Containers.Single();
        Dictionary<string, string> variables = KubernetesObject.Items(container["env"]).ToDictionary(variable => (string)variable["name"]!, variable => Value(variable, container, all));
        change?.Invoke(variables);
        Dictionary<string, string> mounts = KubernetesObject.Items(container["volumeMounts"]).ToDictionary(mount => (string)mount["mountPath"]!, mount => Volume((string)mount["name"]!, all, folder));
        string[] arguments = [.. container["args"]!.AsArray().Select(argument => Place(Expand((string)argument!, variables), mounts))];
        variables["TMPDIR"] = mounts["/tmp"];
        variables["HOME"] = mounts["/tmp"];
        _process = new SweepProcess([], variables, arguments);
    }

    internal SweepProcess Process => _process;

    /// <summary>Asks as a probe of the container does until it succeeds or the process ends.</summary>
    internal async Task<bool> PassesAsync(string probe)
    {
        JsonNode asked = _item.Containers.Single()[probe]!["httpGet"]!;
        Uri address = new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{RelationCheck.PortOf(_item, asked["port"]!)}{asked["path"]}"));
        using HttpClient client = new();
        using CancellationTokenSource limit = new(TimeSpan.FromMinutes(3));
        while (!_process.HasExited && !limit.IsCancellationRequested)
        {
            try
            {
                using HttpResponseMessage answer = await client.GetAsync(address, limit.Token);
                if (answer.IsSuccessStatusCode)
                {
                    return true;
                }
            }
            catch (HttpRequestException)
            {
                // not there yet
            }
            catch (OperationCanceledException) when (limit.IsCancellationRequested)
            {
                break; // it took the connection and never answered
            }

            await Task.Delay(100, CancellationToken.None); // asks again until the probe passes
        }

        return false;
    }

    public void Dispose() => _process.Dispose();

    private static string Value(JsonObject variable, JsonObject container, Dictionary<string, Dictionary<string, string>> secrets)
    {
        JsonNode? from = variable["valueFrom"];
        return from is null ? (string)variable["value"]!
            : from["secretKeyRef"] is { } key ? secrets[(string)key["name"]!][(string)key["key"]!]
            : from["fieldRef"] is { } field && (string)field["fieldPath"]! == "status.podIP" ? "127.0.0.1"
            : from["resourceFieldRef"] is { } resource ? Resource(container, (string)resource["resource"]!).ToString(CultureInfo.InvariantCulture)
            : throw new NotSupportedException(from.ToJsonString());
    }

    // With the divisor 1 a part of a processor counts as one, and memory is in bytes.
    private static long Resource(JsonObject container, string path)
    {
        string[] steps = path.Split('.');
        string text = (string)container["resources"]![steps[0]]![steps[1]]!;
        Match parts = Quantity().Match(text);
        double number = double.Parse(parts.Groups[1].Value, CultureInfo.InvariantCulture);
        return (long)Math.Ceiling(number * parts.Groups[2].Value switch { "m" => 0.001, "" => 1, "Mi" => 1 << 20, "Gi" => 1 << 30, _ => throw new NotSupportedException(text) });
    }

    private string Volume(string name, Dictionary<string, Dictionary<string, string>> secrets, TemporaryFolder folder)
    {
        JsonObject volume = KubernetesObject.Items(_item.Pod!["spec"]!["volumes"]).Single(volume => (string)volume["name"]! == name);
        string place = folder.At(_item.Name, name);
        Directory.CreateDirectory(place);
        if (volume["secret"] is { } secret)
        {
            Dictionary<string, string> content = secrets[(string)secret["secretName"]!];
            Directory.CreateDirectory(Path.Combine(place, "..2026"));
            Directory.CreateSymbolicLink(Path.Combine(place, "..data"), "..2026");
            IEnumerable<(string Key, string Path)> items = secret["items"] is { } named ? KubernetesObject.Items(named).Select(one => ((string)one["key"]!, (string)one["path"]!)) : content.Keys.Select(key => (key, key));
            foreach ((string key, string path) in items)
            {
                string file = Path.Combine(place, "..2026", path);
                File.WriteAllText(file, content[key]);
                File.SetUnixFileMode(file, (UnixFileMode)(int)secret["defaultMode"]!);
                File.CreateSymbolicLink(Path.Combine(place, path), Path.Combine("..data", path));
            }
        }

        return place;
    }

    private static string Expand(string argument, Dictionary<string, string> variables) => Variable().Replace(argument, match => variables[match.Groups[1].Value]);

    private static string Place(string argument, Dictionary<string, string> mounts) => mounts.Keys.FirstOrDefault(mount => argument == mount || argument.StartsWith(mount + "/", StringComparison.Ordinal)) is { } found
        ? mounts[found] + argument[found.Length..]
        : argument;

    [GeneratedRegex(@"\$\(([A-Za-z_][A-Za-z0-9_]*)\)")]
    private static partial Regex Variable();

    [GeneratedRegex("^([0-9.]+)([A-Za-z]*)$")]
    private static partial Regex Quantity();
}
