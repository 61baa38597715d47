using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using SweepCluster.Deploy.Tests.Chart.Rendering;

namespace SweepCluster.Deploy.Tests.Chart.Checks;

/// <summary>Names and labels that the API server takes, and each object once.</summary>
internal static partial class NameCheck
{
    private const int LongestName = 63;
    private const int LongestStatefulSet = 52; // its pods carry a label of the name, a dash and a hash of ten characters

    internal static IEnumerable<string> FaultsOf(Release release)
    {
        foreach (KubernetesObject item in release.Objects)
        {
            if (!DnsLabel().IsMatch(item.Name) || (item.Kind == "Service" && char.IsAsciiDigit(item.Name[0])) || item.Name.Length > (item.Kind == "StatefulSet" ? LongestStatefulSet : LongestName))
            {
                yield return $"{item.Title}: the name is no DNS label, or too long";
            }

            foreach ((string key, JsonNode? value) in item.Labels.Concat(item.PodLabels ?? []))
            {
                if (!Qualified().IsMatch(key) || !LabelValue().IsMatch((string)value!))
                {
                    yield return $"{item.Title}: the label {key}={value} is none";
                }
            }

            foreach (string port in item.Containers.SelectMany(container => KubernetesObject.Items(container["ports"])).Select(port => (string)port["name"]!))
            {
                if (!DnsLabel().IsMatch(port) || port.Length > 15)
                {
                    yield return $"{item.Title}: the port's name {port} is none";
                }
            }
        }

        foreach (IGrouping<string, KubernetesObject> same in release.Objects.GroupBy(item => $"{item.Kind}/{item.Name}").Where(group => group.Count() > 1))
        {
            yield return $"{same.Key}: there are {same.Count()} of it";
        }
    }

    [GeneratedRegex("^[a-z0-9]([-a-z0-9]*[a-z0-9])?$")]
    private static partial Regex DnsLabel();

    [GeneratedRegex("^([a-z0-9]([-a-z0-9.]*[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$")]
    private static partial Regex Qualified();

    [GeneratedRegex("^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$")]
    private static partial Regex LabelValue();
}
