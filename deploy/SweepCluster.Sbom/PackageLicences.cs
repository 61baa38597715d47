using System.Xml.Linq;

namespace SweepCluster.Sbom;

/// <summary>What packages say of their licences, in the manifests that a restore leaves.</summary>
/// <param name="folder">The folder of restored packages, as <c>~/.nuget/packages</c>.</param>
internal sealed class PackageLicences(string folder)
{
    /// <summary>The licence of a package.</summary>
    /// <param name="name">The package.</param>
    /// <param name="version">Its version.</param>
    /// <returns>An SPDX expression, or the address of the licence's text; nulls where the manifest has neither, or is not there.</returns>
    internal (string? Expression, string? Url) Of(string name, string version)
    {
        (string id, string number) = (name.ToLowerInvariant(), version.ToLowerInvariant());
        string manifest = Path.Combine(folder, id, number, $"{id}.nuspec");
        if (!File.Exists(manifest))
        {
            return (null, null);
        }

        XElement? metadata = XDocument.Load(manifest).Root?.Elements().FirstOrDefault(element => element.Name.LocalName == "metadata");
        XElement? licence = metadata?.Elements().FirstOrDefault(element => element.Name.LocalName == "license");
        string? url = metadata?.Elements().FirstOrDefault(element => element.Name.LocalName == "licenseUrl")?.Value;
        return licence?.Attribute("type")?.Value == "expression" ? (licence.Value, null) : (null, string.IsNullOrWhiteSpace(url) ? null : url);
    }
}
