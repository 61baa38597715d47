namespace SweepCluster.Server.Pages.Submit;

/// <summary>A figure of the dry run.</summary>
/// <param name="Name">What is counted.</param>
/// <param name="Value">How many.</param>
/// <param name="Beneath">What to know about it.</param>
public sealed record CountLine(string Name, string Value, string Beneath);
