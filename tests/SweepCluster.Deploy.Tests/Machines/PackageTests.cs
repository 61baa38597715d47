using SweepCluster.Deploy.Tests.Chart.Rendering;

namespace SweepCluster.Deploy.Tests.Machines;

/// <summary>What is installed without containers can be installed again, newer, and keeps what somebody set.</summary>
public sealed class PackageTests : IDisposable
{
    private static readonly string s_text = DeployFile.Read("package.sh");

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Tarball_UnpackedOverAnInstallation_KeepsItsSettingsAndAddsNewOnes()
    {
        foreach ((string name, string text) in ((string, string)[])[("made/etc/sweepcluster/pgpass", "theirs"), ("made/etc/sweepcluster/new.env", "theirs"), ("made/usr/lib/sweepcluster/sweep", "new"), ("there/etc/sweepcluster/pgpass", "mine")])
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_folder[name])!);
            await File.WriteAllTextAsync(_folder[name], text);
        }

        string[] lines = s_text.Split('\n');
        string archive = string.Join('\n', lines.SkipWhile(line => !line.StartsWith("archive()", StringComparison.Ordinal)).TakeWhile(line => line != "}")) + "\n}";
        string make = Assert.Single(lines, line => line.Contains("$name.tar.gz\" ", StringComparison.Ordinal) && line.StartsWith('('));
        const string Unpack = "tar -C \"$there\" -xzf \"$out/$name.tar.gz\"\n";
        string copy = "cp -an \"$there/usr/share/doc/sweepcluster/etc/.\" \"$there/etc/\"";
        Assert.Contains("sudo cp -an /usr/share/doc/sweepcluster/etc/. /etc/", DeployFile.Read("README.md"), StringComparison.Ordinal);

        Outcome outcome = await Outcome.OfAsync("bash", ["-euc", $"root='{_folder["made"]}' out='{_folder["."]}' name=sweepcluster there='{_folder["there"]}' SOURCE_DATE_EPOCH=1\n{archive}\n{make}\n{Unpack}{copy}"]);

        Assert.True(outcome.ExitCode == 0, outcome.Error);
        Assert.Equal(("mine", "theirs", "new"), (Read("etc/sweepcluster/pgpass"), Read("etc/sweepcluster/new.env"), Read("usr/lib/sweepcluster/sweep")));

        string Read(string name) => File.ReadAllText(Path.Combine(_folder["there"], name));
    }

    [Theory]
    [InlineData("configure", "0.1.0")]
    [InlineData("abort-upgrade", "0.2.0")] // the old version's, where the new one could not be unpacked
    public async Task Upgrade_OfTheDeb_EndsTheUnitsThatRunBeforeFilesChangeAndStartsThoseAgain(string how, string version)
    {
        await SystemdAsync("sweepcluster-silo.service");

        await RunAsync("prerm", "upgrade", "0.2.0");
        string[] between = Running();
        await RunAsync("postinst", how, version);

        Assert.Empty(between);
        Assert.Equal(["sweepcluster-silo.service"], Running()); // and not the server, which did not run
        Assert.Empty(Directory.EnumerateFiles(_folder["run"]));
    }

    [Fact]
    public async Task Upgrade_WherePolicyForbidsAStop_LetsTheUnitRunOn()
    {
        await SystemdAsync("sweepcluster-server.service");
        await File.WriteAllTextAsync(_folder["bin/deb-systemd-invoke"], "#!/bin/sh\n");

        await RunAsync("prerm", "upgrade", "0.2.0");
        await RunAsync("postinst", "configure", "0.1.0");

        Assert.Equal(["sweepcluster-server.service"], Running());
        Assert.DoesNotContain("start", await File.ReadAllTextAsync(_folder["asked"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Installation_OfTheDeb_StartsNothing()
    {
        await SystemdAsync();

        await RunAsync("postinst", "configure", "");

        Assert.Empty(Running());
    }

    [Fact]
    public void Shipping_AsksForNoAdvisories()
    {
        Assert.Contains("\nexport NuGetAudit=false", s_text, StringComparison.Ordinal); // they are errors in this build: one of tomorrow would keep today's commit from being built
        Assert.Contains(" NuGetAudit=false\n", DeployFile.Read("Dockerfile"), StringComparison.Ordinal);
    }

    // A stand-in for systemd: a unit runs while a file of its name is there.
    private async Task SystemdAsync(params string[] running)
    {
        foreach (string folder in (string[])["bin", "run/systemd/system", "units"])
        {
            Directory.CreateDirectory(_folder[folder]);
        }

        foreach (string unit in running)
        {
            await File.WriteAllTextAsync(Path.Combine(_folder["units"], unit), "");
        }

        string asked = $"#!/bin/sh\nunits='{_folder["units"]}'; echo \"$@\" >>'{_folder["asked"]}'\n";
        await File.WriteAllTextAsync(_folder["bin/deb-systemd-invoke"], $"{asked}[ \"$1\" != stop ] || rm -f \"$units/$2\"\n");
        await File.WriteAllTextAsync(_folder["bin/systemctl"], $$"""
            {{asked}}case "$1" in
              show) [ -e "$units/$4" ] && echo active || echo inactive ;;
              start) shift; for unit; do : >"$units/$unit"; done ;;
            esac

            """);
    }

    private string[] Running() => [.. Directory.EnumerateFiles(_folder["units"]).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];

    private async Task RunAsync(string script, params string[] arguments)
    {
        string text = DeployFile.Read($"debian/{script}").Replace("/run/", $"{_folder["run"]}/", StringComparison.Ordinal);
        Outcome outcome = await Outcome.OfAsync("sh", ["-c", $"chmod +x '{_folder["bin"]}'/* && PATH='{_folder["bin"]}':$PATH\n{text}", script, .. arguments]);

        Assert.True(outcome.ExitCode == 0, outcome.Error);
    }
}
