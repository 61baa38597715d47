namespace SweepCluster.Server.Pages.Frame;

/// <summary>Who looks at a page.</summary>
/// <param name="Name">The signed-in name; null where nobody is, or nobody needs to be.</param>
/// <param name="MaySubmit">Whether it may hand sweeps in and change them.</param>
/// <param name="MayRemove">Whether it may remove sweeps.</param>
/// <param name="FormField">Name of the hidden field of every form that posts.</param>
/// <param name="FormValue">Its value.</param>
/// <param name="SignIn">Address of the sign-in page; null where there is nothing to do there.</param>
/// <param name="SignOut">Where a form posts to sign out; null where there is nothing to sign out of.</param>
public sealed record PageUser(string? Name, bool MaySubmit, bool MayRemove, string FormField, string FormValue, string? SignIn, string? SignOut);
