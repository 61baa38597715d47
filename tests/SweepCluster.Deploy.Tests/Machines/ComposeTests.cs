using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace SweepCluster.Deploy.Tests.Machines;

/// <summary>The compose file: every command line in it starts the real program, and what it promises of users, ports, paths and networks holds.</summary>
public sealed class ComposeTests : IDisposable
{
    private static readonly string s_text = DeployFile.Read("compose.yaml");
    private static readonly Dictionary<string, Dictionary<string, object>> s_services = Parse();

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("silo")]
    [InlineData("server")]
    public async Task Service_ItsCommandLineAndEnvironment_StartTheProgram(string name)
    {
        Dictionary<string, object> service = s_services[name];
        using Deployed process = await Deployed.StartAsync(Texts(service["command"]), Pairs(service["environment"]), _folder);

        await process.ReadyAsync();
        CommandLine end = await process.StopAsync();

        Assert.True(end.ExitCode == 0, end.Error);
        Assert.Equal(["CMD", "sweep", "health", "http://127.0.0.1:9464/readyz"], Texts(Map(service["healthcheck"])["test"])); // 9464, where both tell their health
        Assert.Contains("http://0.0.0.0:9464", Texts(service["command"]));
        Assert.Equal(("10001:10001", "SIGTERM"), (service["user"], service["stop_signal"]));
    }

    [Fact]
    public void Server_TrustsTheNetworkInWhichItIsAlone()
    {
        string[] command = Texts(s_services["server"]["command"]);
        string trusted = command[Array.IndexOf(command, "--trust-network") + 1];
        Dictionary<string, object> networks = Map(Deserialize()["networks"]);

        Assert.Equal(["server"], s_services.Where(service => Texts(service.Value["networks"]).Contains("front")).Select(service => service.Key));
        Assert.Equal(trusted, Map(((List<object>)Map(Map(networks["front"])["ipam"])["config"]).Single())["subnet"]);
        Assert.Equal("true", Map(networks["cluster"])["internal"]);
    }

    [Fact]
    public void Services_AreHardenedAndPublishOnLoopbackAlone()
    {
        Assert.Equal(["grafana", "postgres", "prometheus", "server", "silo"], s_services.Keys.Order(StringComparer.Ordinal));
        foreach ((string name, Dictionary<string, object> service) in s_services)
        {
            Assert.True((string)service["read_only"] == "true", name);
            Assert.Equal(["ALL"], Texts(service["cap_drop"]));
            Assert.Equal(["no-new-privileges:true"], Texts(service["security_opt"]));
            Assert.DoesNotMatch("^(root|0)(:|$)", (string)service["user"]);
            Assert.Matches("^[a-z/]+:v?[0-9]+(\\.[0-9]+)+$", (string)service["image"]);
            Assert.Equal(["cpus", "memory", "pids"], Map(Map(Map(service["deploy"])["resources"])["limits"]).Keys.Order(StringComparer.Ordinal));
            Assert.All(service.TryGetValue("tmpfs", out object? mounts) ? Texts(mounts) : [], mount => Assert.Matches("^/[a-z/]+(:mode=1777)?$", mount)); // Podman takes no uid= here
            Assert.All(service.TryGetValue("ports", out object? ports) ? Texts(ports) : [], port => Assert.StartsWith("127.0.0.1:", port, StringComparison.Ordinal));
        }

        Assert.All(new[] { "silo", "server" }, name => Assert.Contains("temporary:/tmp", Texts(s_services[name]["volumes"]))); // whole models: in memory they would count against the limit
        Assert.Equal(["127.0.0.1:8080:8080"], Texts(s_services["server"]["ports"]));
        Assert.False(s_services["silo"].ContainsKey("ports") || s_services["postgres"].ContainsKey("ports"));
        Assert.Equal(("replicated", "3"), (Map(s_services["silo"]["deploy"])["mode"], Map(s_services["silo"]["deploy"])["replicas"])); // podman-compose takes the one with the other alone
    }

    [Fact]
    public void Images_OfOneName_AreBuiltOnce()
    {
        Assert.Equal(["silo"], s_services.Where(service => service.Value.ContainsKey("build")).Select(service => service.Key)); // two builds at once of one name fail now and then
        Assert.Equal(s_services["silo"]["image"], s_services["server"]["image"]);
        Assert.Equal("never", s_services["server"]["pull_policy"]);
        Assert.Contains("silo", Map(s_services["server"]["depends_on"]).Keys);
    }

    [Fact]
    public void Mounts_OfFiles_AreThere()
    {
        string deploy = Path.Combine(DeployFile.Root, "deploy");
        string[] files = [.. s_services.Values.SelectMany(service => service.TryGetValue("volumes", out object? volumes) ? Texts(volumes) : []).Where(volume => volume.StartsWith('.')).Select(volume => volume.Split(':')[0])];

        Assert.Equal(4, files.Length);
        Assert.All(files, file => Assert.True(Path.Exists(Path.Combine(deploy, file)), file));
        Dictionary<string, object> build = Map(s_services["silo"]["build"]);
        Assert.True(File.Exists(Path.Combine(deploy, (string)build["context"], (string)build["dockerfile"])));
        Assert.All(Map(build["args"]).Keys, argument => Assert.Matches($"(?m)^ARG {argument}=", DeployFile.Read("Dockerfile")));
        Assert.True(File.Exists(Path.Combine(DeployFile.Root, "dashboards", Path.GetFileName((string)Map(s_services["grafana"]["environment"])["GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"]))));
    }

    [Fact]
    public void Prometheus_LooksForSilosAndServerByTheNamesOfTheirServices()
    {
        Dictionary<string, object> prometheus = new DeserializerBuilder().Build().Deserialize<Dictionary<string, object>>(DeployFile.Read("compose/prometheus.yml"));
        var jobs = ((List<object>)prometheus["scrape_configs"]).Select(job => (Name: (string)Map(job)["job_name"], Search: Map(((List<object>)Map(job)["dns_sd_configs"]).Single()))).ToArray();

        Assert.Equal(["sweepcluster-silos", "sweepcluster-server"], jobs.Select(job => job.Name)); // alerts and dashboards go by that
        Assert.Equal(["silo", "server"], jobs.SelectMany(job => Texts(job.Search["names"])));
        Assert.All(jobs, job => Assert.Equal("9464", job.Search["port"]));
        Assert.All(jobs, job => Assert.Contains("cluster", Texts(s_services[Texts(job.Search["names"]).Single()]["networks"])));
    }

    [Fact]
    public void Variables_AllStandInTheExampleWithTheirDefaults()
    {
        string[] used = [.. DeployFile.Variables(s_text).Select(variable => $"{variable.Name}={variable.Default}").Distinct().Order(StringComparer.Ordinal)];
        string[] lines = [.. DeployFile.Read("env.example").Split('\n').Where(line => line.Length > 0 && !line.StartsWith("# ", StringComparison.Ordinal))];
        string[] told = [.. lines.Select(line => line.TrimStart('#')).Order(StringComparer.Ordinal)]; // the # taken off, and the line as it stands: what is behind the value would be part of it

        Assert.All(lines, line => Assert.Matches("^#[A-Z_]+=[^ ]*$", line));
        Assert.Equal(told, used);
    }

    private static Dictionary<string, Dictionary<string, object>> Parse() => Map(Deserialize()["services"]).ToDictionary(service => service.Key, service => Map(service.Value));

    private static Dictionary<string, object> Deserialize()
    {
        MergingParser parser = new(new Parser(new StringReader(DeployFile.WithDefaults(s_text)))); // anchors and <<, as compose reads them
        return new DeserializerBuilder().Build().Deserialize<Dictionary<string, object>>(parser);
    }

    private static Dictionary<string, object> Map(object value) => ((Dictionary<object, object>)value).ToDictionary(entry => (string)entry.Key, entry => entry.Value);

    private static string[] Texts(object value) => [.. ((List<object>)value).Cast<string>()];

    private static IEnumerable<KeyValuePair<string, string>> Pairs(object value) => Map(value).Select(entry => KeyValuePair.Create(entry.Key, (string?)entry.Value ?? ""));
}
