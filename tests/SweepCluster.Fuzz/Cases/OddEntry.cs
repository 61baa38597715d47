namespace SweepCluster.Fuzz.Cases;

/// <summary>What a file of a case is instead of a plain one.</summary>
public enum OddEntry
{
    None,
    Missing,
    Folder,
    Link,
    LinkedFolder,
}
