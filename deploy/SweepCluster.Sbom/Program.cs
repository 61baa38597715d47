using System.Globalization;
using SweepCluster.Sbom;

if (args.Length != 3 || !long.TryParse(args[2], CultureInfo.InvariantCulture, out long seconds))
{
    await Console.Error.WriteLineAsync("sweep-sbom: expected DEPS.json NUGET-FOLDER SECONDS: what `dotnet publish` wrote, where the packages are, and the commit's date in seconds since 1970.");
    return 2;
}

await using Stream output = Console.OpenStandardOutput();
BillOfMaterials.Write(await File.ReadAllBytesAsync(args[0]), new PackageLicences(args[1]), DateTimeOffset.FromUnixTimeSeconds(seconds), output);
return 0;
