using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace SweepCluster.Sweeps.Specs.Yaml;

/// <summary>Reads YAML text into nodes that know their lines. Anchors and aliases are resolved, tags are ignored, a second document is a fault.</summary>
internal sealed class SpecDocument
{
    private const int MaxDepth = 32; // no spec nests a quarter as deep; a hostile file must not exhaust the stack

    private readonly Parser _parser;
    private readonly SpecFaults _faults;
    private readonly Func<long, SpecPlace> _placeOf;
    private readonly Dictionary<string, SpecNode> _anchors = new(StringComparer.Ordinal);

    private SpecDocument(string text, Func<long, SpecPlace> placeOf, SpecFaults faults)
    {
        _parser = new Parser(new Scanner(new StringReader(text), skipComments: true));
        _placeOf = placeOf;
        _faults = faults;
    }

    /// <summary>Reads the single document of a text.</summary>
    /// <param name="text">YAML.</param>
    /// <param name="placeOf">Place of a line, counted from 1.</param>
    /// <param name="faults">Receives what is wrong.</param>
    /// <returns>The root; null where the text is empty or no YAML.</returns>
    public static SpecNode? Read(string text, Func<long, SpecPlace> placeOf, SpecFaults faults)
    {
        SpecDocument document = new(text, placeOf, faults);
        try
        {
            return document.ReadStream();
        }
        catch (YamlException exception)
        {
            faults.Add(placeOf(exception.Start.Line), $"found no valid YAML ({exception.Message.TrimEnd('.')}), expected YAML");
            return null;
        }
        catch (InvalidOperationException)
        {
            // The scanner falls over, with no place of its own, when a bracket is not closed before the next key.
            faults.Add(placeOf(document._parser.Current?.Start.Line ?? 1), "found no valid YAML (a bracket, brace or quote is not closed), expected YAML");
            return null;
        }
    }

    private SpecNode? ReadStream()
    {
        Next(); // start of the stream
        if (Next() is StreamEnd)
        {
            return null;
        }

        SpecNode root = ReadNode(Next(), 0);
        Next(); // end of the document
        ParsingEvent after = Next();
        if (after is DocumentStart)
        {
            _faults.Add(_placeOf(after.Start.Line), "found a second document, expected one");
        }

        return root;
    }

    private ParsingEvent Next() => _parser.MoveNext() ? _parser.Current! : throw new YamlException("the text ends too early");

    private SpecNode ReadNode(ParsingEvent next, int depth)
    {
        SpecPlace place = _placeOf(next.Start.Line);
        if (depth > MaxDepth)
        {
            throw new YamlException(next.Start, next.End, $"nested more than {MaxDepth} levels deep");
        }

        SpecNode node = next switch
        {
            Scalar scalar => new ScalarNode(place, scalar.Value, scalar.Style is not (ScalarStyle.Plain or ScalarStyle.Any)),
            SequenceStart => ReadSequence(place, depth),
            MappingStart => ReadMapping(place, depth),
            AnchorAlias alias => _anchors.GetValueOrDefault(alias.Value.Value)
                ?? throw new YamlException(next.Start, next.End, $"no anchor '{alias.Value.Value}' stands before this alias"),
            _ => throw new YamlException(next.Start, next.End, "no value"),
        };
        if (next is NodeEvent { Anchor.IsEmpty: false } anchored)
        {
            _anchors[anchored.Anchor.Value] = node;
        }

        return node;
    }

    private SequenceNode ReadSequence(SpecPlace place, int depth)
    {
        List<SpecNode> items = [];
        for (ParsingEvent next = Next(); next is not SequenceEnd; next = Next())
        {
            items.Add(ReadNode(next, depth + 1));
        }

        return new SequenceNode(place, items);
    }

    private MappingNode ReadMapping(SpecPlace place, int depth)
    {
        MappingNode mapping = new(place);
        for (ParsingEvent next = Next(); next is not MappingEnd; next = Next())
        {
            SpecNode key = ReadNode(next, depth + 1);
            SpecNode value = ReadNode(Next(), depth + 1);
            if (key is not ScalarNode name)
            {
                _faults.Add(key.Place, $"found {key.Description} as a key, expected a text");
            }
            else if (mapping.Find(name.Value) is SpecEntry first)
            {
                _faults.Add(key.Place, $"found key '{name.Value}' a second time, the first is in line {first.Place.Line}");
            }
            else
            {
                mapping.Entries.Add(new SpecEntry(name.Value, key.Place, value));
            }
        }

        return mapping;
    }
}
