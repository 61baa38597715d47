namespace SweepCluster.Deploy.Tests.Machines;

/// <summary>The units for machines without containers: their command lines start the real program, with the environment files that come with them.</summary>
public sealed class SystemdTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("silo", "silo")]
    [InlineData("server", "serve")]
    public async Task Unit_ItsCommandLineAndEnvironment_StartTheProgram(string name, string command)
    {
        ILookup<string, string> unit = DeployFile.Settings(DeployFile.Read($"systemd/sweepcluster-{name}.service"));
        ILookup<string, string> environment = DeployFile.Settings(DeployFile.Read($"systemd/{name}.env"));
        string options = $"SWEEP_{name.ToUpperInvariant()}_OPTIONS";
        string line = unit["ExecStart"].Single();
        Assert.StartsWith($"/usr/bin/sweep {command} ", line, StringComparison.Ordinal);
        Assert.EndsWith($" ${options}", line, StringComparison.Ordinal);
        Assert.Equal(["SWEEP_STORE", options], environment.Select(setting => setting.Key));
        string[] words = line.Replace($"${options}", environment[options].Single(), StringComparison.Ordinal).Split(' ', StringSplitOptions.RemoveEmptyEntries);

        using Deployed process = await Deployed.StartAsync(words[1..], [new("SWEEP_STORE", environment["SWEEP_STORE"].Single())], _folder);
        await process.ReadyAsync();
        CommandLine end = await process.StopAsync();

        Assert.True(end.ExitCode == 0, end.Error);
        Assert.Equal([$"/etc/sweepcluster/{name}.env"], unit["EnvironmentFile"]);
    }

    [Theory]
    [InlineData("silo")]
    [InlineData("server")]
    public void Unit_IsStartedAgainAndConfined(string name)
    {
        ILookup<string, string> unit = DeployFile.Settings(DeployFile.Read($"systemd/sweepcluster-{name}.service"));

        foreach ((string key, string value) in ((string, string)[])[
            ("Restart", "always"), ("KillSignal", "SIGTERM"), ("TimeoutStopSec", "30"), ("RestartPreventExitStatus", "2"), ("DynamicUser", "yes"), ("ProtectSystem", "strict"), ("NoNewPrivileges", "yes"),
            ("CapabilityBoundingSet", ""), ("WantedBy", "multi-user.target"), (name == "silo" ? "CacheDirectory" : "StateDirectory", "sweepcluster")])
        {
            Assert.Equal((key, value), (key, unit[key].Single()));
        }
    }
}
