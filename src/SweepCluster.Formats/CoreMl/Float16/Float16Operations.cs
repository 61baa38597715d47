using System.Collections.Immutable;

namespace SweepCluster.Formats.CoreMl.Float16;

/// <summary>Which operations take float16, by what the format's operation definitions say of their operands.</summary>
/// <remarks>Source: coremltools' operation definitions from iOS 15 to iOS 18 (type domains of each input) and its pass <c>add_fp16_cast</c>, which leaves control flow, lists and states alone too.
/// An operation that is not named here is not converted.</remarks>
internal static class Float16Operations
{
    private static readonly ImmutableHashSet<string> s_known =
    [
        "clamped_relu", "elu", "gelu", "leaky_relu", "linear_activation", "prelu", "relu", "relu6", "scaled_tanh", "sigmoid", "sigmoid_hard", "silu", "softplus", "softplus_parametric", "softmax",
        "softsign", "thresholded_relu", "select", "conv", "conv_quantized", "conv_transpose", "add", "equal", "floor_div", "greater", "greater_equal", "less", "less_equal", "maximum", "minimum", "mod",
        "mul", "not_equal", "real_div", "pow", "sub", "abs", "acos", "asin", "atan", "atanh", "ceil", "clip", "cos", "cosh", "erf", "exp", "exp2", "floor", "inverse", "log", "round", "rsqrt", "sign",
        "sin", "sinh", "sqrt", "square", "tan", "tanh", "threshold", "upsample_nearest_neighbor", "resize_nearest_neighbor", "upsample_bilinear", "resize_bilinear", "resize", "crop_resize", "crop",
        "affine", "resample", "linear", "matmul", "einsum", "batch_norm", "instance_norm", "l2_norm", "layer_norm", "local_response_norm", "avg_pool", "l2_pool", "max_pool", "random_bernoulli",
        "random_categorical", "random_normal", "random_uniform", "gru", "lstm", "rnn", "reduce_argmax", "reduce_argmin", "reduce_l1_norm", "reduce_l2_norm", "reduce_log_sum", "reduce_log_sum_exp",
        "reduce_max", "reduce_mean", "reduce_min", "reduce_prod", "reduce_sum", "reduce_sum_square", "gather", "gather_along_axis", "gather_nd", "scatter", "scatter_along_axis", "scatter_nd",
        "band_part", "cumsum", "fill", "fill_like", "non_maximum_suppression", "non_zero", "one_hot", "pad", "tile", "argsort", "topk", "flatten2d", "shape", "concat", "split", "stack", "identity",
        "depth_to_space", "expand_dims", "reshape", "reshape_like", "reverse", "reverse_sequence", "slice_by_index", "slice_by_size", "slice_update", "space_to_depth", "space_to_batch",
        "batch_to_space", "squeeze", "transpose", "pixel_shuffle", "pixel_unshuffle", "sliding_windows", "quantize", "dequantize", "scaled_dot_product_attention",
    ];

    // Operations that hand on what they are given, in the type that it has.
    private static readonly ImmutableHashSet<string> s_carriers =
        ["cond", "while_loop", "make_list", "list_length", "list_write", "list_read", "list_gather", "list_scatter", "read_state", "coreml_update_state"];

    private static readonly ImmutableHashSet<string> s_recurrent = ["gru", "lstm", "rnn"];

    // Inputs that are float32, or no tensors of numbers, whatever the others are.
    private static readonly ImmutableHashSet<(string Operation, string Input)> s_float32 =
    [
        ("upsample_nearest_neighbor", "scale_factor_height"), ("upsample_nearest_neighbor", "scale_factor_width"),
        ("upsample_bilinear", "scale_factor_height"), ("upsample_bilinear", "scale_factor_width"), ("crop_resize", "spatial_scale"),
    ];

    // Inputs by which something is divided: one that becomes 0 changes more than its own place.
    private static readonly ImmutableHashSet<(string Operation, string Input)> s_divisors = [("real_div", "y"), ("floor_div", "y"), ("mod", "y"), ("quantize", "scale")];

    /// <summary>Why an operation of a type stays float32, in a few words; null where it takes float16.</summary>
    /// <param name="type">The operation's type.</param>
    /// <param name="level">Level of the operation set.</param>
    internal static string? Refuses(string type, int level) => type switch
    {
        _ when s_recurrent.Contains(type) && level < CoreMlTargets.IOS17 => $"takes float32 alone below {CoreMlTargets.NameOf(CoreMlTargets.IOS17)}",
        "resample" when level < CoreMlTargets.IOS16 => $"takes float32 coordinates alone below {CoreMlTargets.NameOf(CoreMlTargets.IOS16)}",
        "classify" => "takes float32 probabilities alone",
        "range_1d" => "counts, and float16 counts no further than 2048",
        _ when s_carriers.Contains(type) => "hands on values in the types that they are declared with",
        _ => s_known.Contains(type) ? null : "is not known to take float16",
    };

    /// <summary>Whether an input of an operation that takes float16 stays float32.</summary>
    internal static bool StaysFloat32(string type, string input) => s_float32.Contains((type, input));

    /// <summary>Whether something is divided by an input.</summary>
    internal static bool IsDivisor(string type, string input) => s_divisors.Contains((type, input));
}
