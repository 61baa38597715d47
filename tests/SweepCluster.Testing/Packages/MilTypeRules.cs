using System.Text.Json;

namespace SweepCluster.Testing.Packages;

/// <summary>Holds every operation of a package's program to the types that the format's definitions ask of it: operands that agree, and outputs that follow from them. Nothing is shared with the product.</summary>
/// <remarks>Source: coremltools' operation definitions from iOS 15 to iOS 18.</remarks>
public sealed class MilTypeRules
{
    private const ulong Bool = 1, Float16 = 10, Float32 = 11, Int32 = 23;

    private static readonly Dictionary<string, ulong> s_names = new() { ["bool"] = Bool, ["fp16"] = Float16, ["fp32"] = Float32, ["int32"] = Int32, ["int8"] = 21, ["int16"] = 22, ["uint8"] = 31, ["uint16"] = 32 };
    private static readonly string[] s_comparisons = ["equal", "not_equal", "greater", "greater_equal", "less", "less_equal"];
    private static readonly string[] s_apart = ["scale_factor_height", "scale_factor_width", "spatial_scale"]; // float32, whatever the others are

    private readonly string _opset;

    private MilTypeRules(string opset)
    {
        _opset = opset;
    }

    /// <summary>Checks a package.</summary>
    /// <returns>Types of what each function takes and returns, one line each: <c>main input x 11</c>.</returns>
    /// <exception cref="InvalidDataException">An operation breaks a rule.</exception>
    public static IReadOnlyList<string> Check(string package)
    {
        using JsonDocument manifest = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(package, "Manifest.json")));
        string root = manifest.RootElement.GetProperty("itemInfoEntries").GetProperty(manifest.RootElement.GetProperty("rootModelIdentifier").GetString()!).GetProperty("path").GetString()!;
        List<string> border = [];
        foreach ((string name, WireMessage function) in WireMessage.Parse(File.ReadAllBytes(Path.Combine(package, "Data", root))).Message(502).Map(2))
        {
            Dictionary<string, ulong> types = Named(function.Messages(1));
            border.AddRange(types.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => $"{name} input {entry.Key} {entry.Value}"));
            WireMessage block = function.Map(3)[function.Text(2)];
            ulong[] outputs = new MilTypeRules(function.Text(2)).Block(block, types, name);
            border.AddRange(block.Texts(2).Zip(outputs, (output, type) => $"{name} output {output} {type}"));
        }

        return border;
    }

    private ulong[] Block(WireMessage block, Dictionary<string, ulong> types, string place)
    {
        Dictionary<string, string> texts = [];
        foreach (WireMessage operation in block.Messages(3))
        {
            string type = operation.Text(1), here = $"{place}/{type} {operation.Messages(3).FirstOrDefault()?.Text(1)}";
            (string Input, ulong Type)[] operands = [.. operation.Map(2).SelectMany(input => input.Value.Messages(1).Select(binding => (input.Key, Operand(binding, types, here))))];
            ulong[] outputs = [.. operation.Messages(3).Select(output => TypeOf(output.Message(2)))];
            if (type == "const")
            {
                WireMessage value = operation.Map(5)["val"];
                Ask(TypeOf(value.Message(2)) == outputs[0], here, "a constant of another type than its value");
                texts[operation.Messages(3).First().Text(1)] = outputs[0] == 2 ? MilValues.Text(value) : "";
            }
            else if (type == "cast")
            {
                WireMessage dtype = operation.Map(2)["dtype"].Messages(1).First();
                Ask(outputs[0] == s_names[dtype.Has(1) ? texts[dtype.Text(1)] : MilValues.Text(dtype.Message(2))], here, "an output that is not what it casts to");
            }
            else if (type.StartsWith("constexpr_", StringComparison.Ordinal))
            {
                Constexpr(operation, type, operands, outputs[^1], here);
            }
            else if (operation.Has(4))
            {
                Blocks(operation, type, operands, outputs, types, here);
            }
            else
            {
                Ordinary(type, operands, outputs, here);
            }

            foreach ((string name, ulong output) in operation.Messages(3).Select(output => output.Text(1)).Zip(outputs))
            {
                Ask(types.TryAdd(name, output), here, $"'{name}' defined twice");
            }
        }

        return [.. block.Texts(2).Select(name => types.TryGetValue(name, out ulong type) ? type : throw new InvalidDataException($"{place}: '{name}' is returned and not defined."))];
    }

    private static void Constexpr(WireMessage operation, string type, (string Input, ulong Type)[] operands, ulong output, string place)
    {
        string part = type switch
        {
            "constexpr_lut_to_dense" or "constexpr_lut_to_sparse" => "lut",
            "constexpr_sparse_to_dense" => "nonzero_data",
            "constexpr_cast" => "",
            _ => "scale",
        };
        if (part.Length > 0)
        {
            ulong found = operation.Map(5).TryGetValue(part, out WireMessage? attribute) ? TypeOf(attribute.Message(2)) : operands.Single(operand => operand.Input == part).Type;
            Ask(found == output, place, $"'{part}' of type {found} for an output of type {output}");
        }
    }

    private void Blocks(WireMessage operation, string type, (string Input, ulong Type)[] operands, ulong[] outputs, Dictionary<string, ulong> types, string place)
    {
        WireMessage[] blocks = [.. operation.Messages(4)];
        ulong[] carried = [.. operands.Where(operand => operand.Input == "loop_vars").Select(operand => operand.Type)];
        for (int i = 0; i < blocks.Length; i++)
        {
            Dictionary<string, ulong> inner = new(types);
            foreach ((string name, ulong input) in Named(blocks[i].Messages(1)))
            {
                inner[name] = input;
            }

            Ask(type != "while_loop" || blocks[i].Messages(1).Select(input => TypeOf(input.Message(2))).SequenceEqual(carried), place, "a block that takes other types than are carried");
            ulong[] returned = Block(blocks[i], inner, place);
            Ask(returned.SequenceEqual(type == "while_loop" && i == 0 ? [Bool] : outputs), place, $"a block that returns {string.Join(',', returned)} for {string.Join(',', outputs)}");
        }
    }

    private void Ordinary(string type, (string Input, ulong Type)[] operands, ulong[] outputs, string place)
    {
        ulong[] floats = [.. operands.Where(operand => !s_apart.Contains(operand.Input)).Select(operand => operand.Type).Where(IsFloat).Distinct()];
        Ask(floats.Length <= 1, place, "operands of float16 and of float32");
        Ask(operands.All(operand => !s_apart.Contains(operand.Input) || operand.Type is Float32 or Int32), place, "a factor of another type");
        if (s_comparisons.Contains(type))
        {
            Ask(outputs is [Bool], place, "a comparison that gives no truth value");
        }
        else if (floats is [ulong wanted])
        {
            Ask(outputs.Where(IsFloat).All(output => output == wanted), place, $"operands of type {wanted} for outputs {string.Join(',', outputs)}");
            Ask(wanted == Float32 || type is not ("classify" or "lstm" or "gru" or "rnn") || (type != "classify" && int.Parse(_opset["CoreML".Length..], null) >= 7), place, "float16 that it does not take");
        }
    }

    private static ulong Operand(WireMessage binding, Dictionary<string, ulong> types, string place) => !binding.Has(1) ? TypeOf(binding.Message(2).Message(2))
        : types.TryGetValue(binding.Text(1), out ulong type) ? type : throw new InvalidDataException($"{place}: '{binding.Text(1)}' is read and not defined before.");

    private static Dictionary<string, ulong> Named(IEnumerable<WireMessage> values) => values.ToDictionary(value => value.Text(1), value => TypeOf(value.Message(2)), StringComparer.Ordinal);

    // A list and a state have the type of what they hold.
    private static ulong TypeOf(WireMessage type) => type.Has(2) ? TypeOf(type.Message(2).Message(1)) : type.Has(5) ? TypeOf(type.Message(5).Message(1)) : type.Message(1).Number(1);

    private static bool IsFloat(ulong type) => type is Float16 or Float32;

    private static void Ask(bool holds, string place, string found)
    {
        if (!holds)
        {
            throw new InvalidDataException($"{place}: found {found}.");
        }
    }
}
