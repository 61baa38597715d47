using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using SweepCluster.Sbom;

namespace SweepCluster.Deploy.Tests.Machines;

public sealed class BillOfMaterialsTests
{
    private static readonly DateTimeOffset s_date = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000);

    [Fact]
    public void Write_OfThisProgram_NamesEveryPartOnceAndTheSameEachTime()
    {
        byte[] dependencies = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "sweep.deps.json"));
        string[] parts = [.. JsonDocument.Parse(dependencies).RootElement.GetProperty("libraries").EnumerateObject().Select(part => part.Name)];
        string home = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

        byte[] first = Write(dependencies, home), second = Write(dependencies, home);
        JsonElement list = JsonDocument.Parse(first).RootElement;

        Assert.Equal(first, second);
        Assert.Equal(("CycloneDX", "1.5", "2023-11-14T22:13:20Z"), (list.GetProperty("bomFormat").GetString(), list.GetProperty("specVersion").GetString(), list.GetProperty("metadata").GetProperty("timestamp").GetString()));
        JsonElement[] all = [list.GetProperty("metadata").GetProperty("component"), .. list.GetProperty("components").EnumerateArray()];
        Assert.Equal(parts.Order(StringComparer.Ordinal), all.Select(part => $"{part.GetProperty("name")}/{part.GetProperty("version")}").Order(StringComparer.Ordinal));
        string npgsql = Regex.Match(File.ReadAllText(Path.Combine(DeployFile.Root, "Directory.Packages.props")), "Include=\"Npgsql\" Version=\"([^\"]+)\"").Groups[1].Value;
        Assert.Contains(all, part => part.GetProperty("name").GetString() == "Npgsql" && part.GetProperty("purl").GetString() == $"pkg:nuget/Npgsql@{npgsql}");
    }

    [Fact]
    public void Write_APackageAndItsNeeds_HasHashLicenceAndEdge()
    {
        using TemporaryFolder packages = new();
        Directory.CreateDirectory(packages["one.part/1.0.0"]);
        File.WriteAllText(packages["one.part/1.0.0/one.part.nuspec"], """<package xmlns="http://x"><metadata><license type="expression">Apache-2.0</license></metadata></package>""");
        byte[] dependencies = Encoding.UTF8.GetBytes("""
            { "runtimeTarget": { "name": "t" },
              "targets": { "t": { "sweep/0.1.0": { "dependencies": { "One.Part": "1.0.0" } }, "One.Part/1.0.0": {} } },
              "libraries": { "sweep/0.1.0": { "type": "project", "sha512": "" }, "One.Part/1.0.0": { "type": "package", "sha512": "sha512-AQL/" } } }
            """);

        JsonElement list = JsonDocument.Parse(Write(dependencies, packages["."])).RootElement;

        JsonElement part = list.GetProperty("components").EnumerateArray().Single();
        Assert.Equal("0102ff", part.GetProperty("hashes")[0].GetProperty("content").GetString());
        Assert.Equal("Apache-2.0", part.GetProperty("licenses")[0].GetProperty("expression").GetString());
        JsonElement program = list.GetProperty("dependencies").EnumerateArray().Single(entry => entry.GetProperty("ref").GetString() == "sweepcluster:sweep@0.1.0");
        Assert.Equal(["pkg:nuget/One.Part@1.0.0"], program.GetProperty("dependsOn").EnumerateArray().Select(entry => entry.GetString()));
    }

    private static byte[] Write(byte[] dependencies, string packages)
    {
        using MemoryStream output = new();
        BillOfMaterials.Write(dependencies, new PackageLicences(packages), s_date, output);
        return output.ToArray();
    }
}
