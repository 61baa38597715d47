using System.Collections.Immutable;
using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace SweepCluster.Cli.Commands;

/// <summary>What <c>sweep --help</c> shows: the commands in their groups, each on one line. Commands keep their own help.</summary>
internal sealed class RootHelp(RootCommand root, ImmutableArray<(string Title, ImmutableArray<Command> Commands)> groups, SynchronousCommandLineAction others) : SynchronousCommandLineAction
{
    /// <summary>Puts this help in the place of the root's.</summary>
    internal static void Replace(RootCommand root, ImmutableArray<(string Title, ImmutableArray<Command> Commands)> groups)
    {
        HelpOption help = root.Options.OfType<HelpOption>().Single();
        help.Action = new RootHelp(root, groups, (SynchronousCommandLineAction)help.Action!);
    }

    /// <inheritdoc/>
    public override bool ClearsParseErrors => others.ClearsParseErrors;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        if (parseResult.CommandResult.Command != root)
        {
            return others.Invoke(parseResult);
        }

        TextWriter output = parseResult.InvocationConfiguration.Output;
        output.WriteLine(root.Description);
        output.WriteLine();
        output.WriteLine("Usage: sweep COMMAND [options]; 'sweep COMMAND --help' shows the options of one, 'sweep --version' the version.");
        int width = groups.SelectMany(group => group.Commands).Max(command => command.Name.Length);
        foreach ((string title, ImmutableArray<Command> commands) in groups)
        {
            output.WriteLine();
            output.WriteLine($"{title}:");
            foreach (Command command in commands)
            {
                output.WriteLine($"  {command.Name.PadRight(width)}  {command.Description}");
            }
        }

        return ExitCodes.Success;
    }
}
