using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Npgsql;
using SweepCluster.Deploy.Tests.Chart.Rendering;
using SweepCluster.Deploy.Tests.Chart.Running;
using SweepCluster.Testing.Databases;

namespace SweepCluster.Deploy.Tests.Chart;

/// <summary>A silo and a gateway really start with the arguments and the environment of the rendered manifests, are ready where the probes ask, are found well by what <c>helm test</c> runs, and end with exit code 0 on SIGTERM.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class StartTests
{
#if ORLEANS_ENGINE
    private const string Orleans = "true";
#else
    private const string Orleans = "false"; // this build's silos refuse the options
#endif

    private static readonly string[] s_orleansOptions = ["--address", "--silo-port", "--gateway-port"]; // of OrleansHosting, in builds with it

    [Fact]
    public async Task Silo_OfTheManifest_StartsIsReadyAndEndsInOrder()
    {
        string address = await (await PostgresServer.SharedAsync()).CreateDatabaseAsync();
        using TemporaryFolder folder = new();
        Release release = await ChartRenderer.RenderAsync(Ports());
        using ContainerProcess silo = new(release, release.One("Deployment", "-silo"), Secrets(address), folder);

        Assert.True(await silo.PassesAsync("startupProbe"), await ErrorAsync(silo));
        Assert.True(await silo.PassesAsync("readinessProbe"), await ErrorAsync(silo));
        Assert.Equal(0, await HelmTestAsync(release, "-test-silo"));
        JsonNode there = JsonNode.Parse((await CommandLine.RunAsync("silos", "--store", address, "--format", "json")).Output)!;
        silo.Process.Terminate();
        CommandLine ended = await silo.Process.FinishAsync();

        Assert.Contains("\"slots\": 2", there.ToJsonString(new() { WriteIndented = true }), StringComparison.Ordinal); // the limit of processors in values.yaml
        Assert.True(ended.ExitCode == 0, ended.Error);
        Assert.Contains("given back to the others", ended.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Gateway_OfTheManifest_StartsKnowsItsTokensAndEndsInOrder()
    {
        string address = await (await PostgresServer.SharedAsync()).CreateDatabaseAsync();
        string[] token = (await CommandLine.RunAsync("token", "--name", "ada", "--scope", "submit")).Output.Trim().Split('\n');
        using TemporaryFolder folder = new();
        Release release = await ChartRenderer.RenderAsync(Ports());
        Dictionary<string, Dictionary<string, string>> secrets = Secrets(address);
        secrets["sweepcluster-tokens"] = new() { ["tokens"] = token[1] + "\n" };
        using ContainerProcess gateway = new(release, release.One("Deployment", "-gateway"), secrets, folder);

        Assert.True(await gateway.PassesAsync("startupProbe"), await ErrorAsync(gateway));
        Assert.True(await gateway.PassesAsync("readinessProbe"), await ErrorAsync(gateway)); // without a silo, whether it has Orleans or not
        Assert.Equal(0, await HelmTestAsync(release, "-test-gateway"));
        using HttpClient http = new();
        string metrics = await http.GetStringAsync(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{(int)release.Values["metrics"]!["port"]!}/metrics"));
        Assert.Matches("(?m)^sweepcluster_sweeps[{]", metrics); // an adapter looks for it, and must find it before the first sweep
        string url = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{(int)release.Values["gateway"]!["port"]!}");
        CommandLine known = await ListAsync(url, token[0]), unknown = await ListAsync(url, "sweep_nobody");
        gateway.Process.Terminate();
        CommandLine ended = await gateway.Process.FinishAsync();

        Assert.True(known.ExitCode == 0, known.Error);
        Assert.Equal(2, unknown.ExitCode);
        Assert.True(ended.ExitCode == 0, ended.Error);
    }

    [Fact]
    public async Task Silo_OnThePostgresqlOfTheRelease_SignsInWithThePasswordOfItsSecret()
    {
        NpgsqlConnectionStringBuilder server = new(await (await PostgresServer.SharedAsync()).CreateDatabaseAsync());
        using TemporaryFolder folder = new();
        Release release = await ChartRenderer.RenderAsync(Ports(), "{postgresql: {enabled: true, existingSecret: password}, silo: {slots: 3, memory: 2.5GiB}}");
        Dictionary<string, Dictionary<string, string>> secrets = new() { ["password"] = new() { ["password"] = server.Password! } };
        using ContainerProcess silo = new(release, release.One("Deployment", "-silo"), secrets, folder, variables =>
        {
            NpgsqlConnectionStringBuilder store = new(variables["SWEEP_STORE"]);
            Assert.Equal((release.One("Service", "-postgresql").Name, 5432, "sweep", "sweep"), (store.Host, store.Port, store.Username, store.Database));
            Assert.Null(store.Password);
            (store.Host, store.Port, store.Database) = (server.Host, server.Port, server.Database); // the test's server stands where the Service would lead
            variables["SWEEP_STORE"] = store.ConnectionString;
        });

        Assert.True(await silo.PassesAsync("readinessProbe"), await ErrorAsync(silo));
        silo.Process.Terminate();
        CommandLine ended = await silo.Process.FinishAsync();

        Assert.True(ended.ExitCode == 0, ended.Error);
    }

    [Fact]
    public async Task Gateway_WithTlsOfItsOwn_AnswersHttpsToTheTokensInTheValues()
    {
        string address = await (await PostgresServer.SharedAsync()).CreateDatabaseAsync();
        string[] token = (await CommandLine.RunAsync("token", "--name", "ada", "--scope", "submit")).Output.Trim().Split('\n');
        using RSA key = RSA.Create(2048);
        CertificateRequest request = new("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        SubjectAlternativeNameBuilder names = new();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        using X509Certificate2 certificate = request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));
        using TemporaryFolder folder = new();
        await File.WriteAllTextAsync(folder["ca.pem"], certificate.ExportCertificatePem());
        Release release = await ChartRenderer.RenderAsync(Ports(), $$$"""
            gateway:
              tls: {enabled: true, secretName: tls}
              tokens: {lines: ["{{{token[1]}}}"]}
              oidc: {issuer: "https://login.example.com/realms/lab", audience: sweep-server, scopeClaim: roles, nameClaim: preferred_username, scopes: {read: sweep-read, submit: sweep-submit, admin: sweep-admin}}
            """);
        Dictionary<string, Dictionary<string, string>> secrets = Secrets(address);
        secrets["tls"] = new() { ["tls.crt"] = certificate.ExportCertificatePem(), ["tls.key"] = key.ExportPkcs8PrivateKeyPem() };
        using ContainerProcess gateway = new(release, release.One("Deployment", "-gateway"), secrets, folder);

        Assert.True(await gateway.PassesAsync("livenessProbe"), await ErrorAsync(gateway));
        string url = string.Create(CultureInfo.InvariantCulture, $"https://localhost:{(int)release.Values["gateway"]!["port"]!}");
        CommandLine known = await ListAsync(url, token[0], "--ca", folder["ca.pem"]);
        gateway.Process.Terminate();
        CommandLine ended = await gateway.Process.FinishAsync();

        Assert.True(known.ExitCode == 0, known.Error);
        Assert.True(ended.ExitCode == 0, ended.Error);
    }

    [Fact]
    public async Task Arguments_OfEverything_AreOptionsOfTheProgram()
    {
        Release release = await Variations.RenderAsync(Variations.Full);
        foreach (KubernetesObject item in release.Workloads.Where(item => !item.Name.EndsWith("-postgresql", StringComparison.Ordinal)))
        {
            string[] arguments = [.. item.Containers.Single()["args"]!.AsArray().Select(argument => (string)argument!)];
            string help = (await CommandLine.RunAsync(arguments[0], "--help")).Output;
            IEnumerable<string> options = arguments.Where(argument => argument.StartsWith("--", StringComparison.Ordinal)).Except(s_orleansOptions);
            Assert.All(options, option => Assert.Matches($"{option}[ ,\\n]", help));
        }
    }

    [Fact]
    public async Task Arguments_OfEverything_AreTakenByTheProgramTogether()
    {
        Release release = await ChartRenderer.RenderAsync(Variations.TextOf(Variations.Full), $"orleans: {{enabled: {Orleans}}}");
        foreach (KubernetesObject item in release.OfKind("Deployment"))
        {
            string[] arguments = [.. item.Containers.Single()["args"]!.AsArray().Select(argument => (string)argument!).Select(argument => argument.StartsWith("$(", StringComparison.Ordinal) ? "1" : argument)];

            using SweepProcess process = new([], new() { ["SWEEP_STORE"] = "" }, arguments);
            CommandLine run = await process.FinishAsync();

            Assert.Contains("--store: found none", run.Error, StringComparison.Ordinal); // nothing else is wrong: an option that is there twice is told before
        }
    }

    private static Dictionary<string, Dictionary<string, string>> Secrets(string address) => new() { ["sweepcluster-database"] = new() { ["dsn"] = address } };

    private static string Ports()
    {
        int[] free = [.. FreePorts(4)];
        return string.Create(CultureInfo.InvariantCulture,
            $"{{metrics: {{port: {free[0]}}}, gateway: {{port: {free[1]}}}, orleans: {{enabled: {Orleans}, siloPort: {free[2]}, gatewayPort: {free[3]}}}}}");
    }

    // Held together, so that they are different ones.
    private static List<int> FreePorts(int count)
    {
        List<Socket> sockets = [];
        try
        {
            for (int i = 0; i < count; i++)
            {
                Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                sockets.Add(socket);
                socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            }

            return [.. sockets.Select(socket => ((IPEndPoint)socket.LocalEndPoint!).Port)];
        }
        finally
        {
            sockets.ForEach(socket => socket.Dispose());
        }
    }

    // The pod's arguments, at the place where its Service would lead.
    private static async Task<int> HelmTestAsync(Release release, string end)
    {
        string[] arguments = [.. release.One("Pod", end).Containers.Single()["args"]!.AsArray().Select(argument => (string)argument!)];
        UriBuilder address = new(arguments[1]) { Host = "127.0.0.1" };
        return (await CommandLine.RunAsync(arguments[0], address.Uri.ToString())).ExitCode;
    }

    private static async Task<CommandLine> ListAsync(string url, string token, params string[] more)
    {
        using SweepProcess list = new([], new() { ["SWEEP_TOKEN"] = token }, ["list", "--server", url, .. more]);
        return await list.FinishAsync();
    }

    private static async Task<string> ErrorAsync(ContainerProcess started) => started.Process.HasExited ? (await started.Process.FinishAsync()).Error : "it is there, and does not pass";
}
