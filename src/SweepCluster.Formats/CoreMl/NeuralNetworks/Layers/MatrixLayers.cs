using SweepCluster.Formats.CoreMl.Protos;
using SweepCluster.Graphs;

namespace SweepCluster.Formats.CoreMl.NeuralNetworks.Layers;

/// <summary>Products of vectors and matrices, and tables of vectors.</summary>
internal static class MatrixLayers
{
    internal static Blob InnerProduct(LayerScope scope)
    {
        InnerProductLayerParams layer = scope.Layer.InnerProduct;
        Blob x = scope.Input();
        Operand.Parameter weight = scope.Weight("weights");
        int outputs = weight.Source.Shape[0], inputs = weight.Source.Shape[1];

        // From four axes on the last three are the vector.
        Shape rows = x.Rank > 3 ? LayerShape.Of([.. x.Known.Extents.AsSpan()[..^3], inputs]) : x.Known;
        if (rows.Rank == 0 || rows[^1] != inputs)
        {
            throw new LayerOpaqueException();
        }

        Blob product = scope.Emit(
            "linear", rows.With(rows.Rank - 1, outputs), ("x", LayerScope.Of(scope.Reshape(x, rows))), ("weight", weight), ("bias", layer.HasBias ? scope.Weight("bias") : null));
        return x.Rank > 3 ? scope.Reshape(product, LayerShape.Of([.. product.Known.Extents, 1, 1])) with { HidesBatch = x.HidesBatch } : product;
    }

    internal static Blob BatchedProduct(LayerScope scope)
    {
        BatchedMatMulLayerParams layer = scope.Layer.BatchedMatmul;
        Blob a = scope.AllAxes(scope.Input());
        if (scope.InputCount == 1)
        {
            Operand.Parameter weight = scope.Weight("weights");
            return a.Rank > 0 && a.FromEnd(1) == weight.Source.Shape[1]
                ? scope.Emit(
                    "linear", a.Known.With(a.Rank - 1, weight.Source.Shape[0]), ("x", LayerScope.Of(a)), ("weight", weight), ("bias", layer.HasBias ? scope.Weight("bias") : null))
                : throw new LayerOpaqueException();
        }

        Blob b = scope.AllAxes(scope.Input(1));
        if (scope.InputCount != 2 || a.Rank < 2 || b.Rank < 2)
        {
            throw new LayerOpaqueException();
        }

        int rank = Math.Max(a.Rank, b.Rank);
        int[] extents = new int[rank];
        for (int axis = 3; axis <= rank; axis++)
        {
            int left = axis <= a.Rank ? a.FromEnd(axis) : 1, right = axis <= b.Rank ? b.FromEnd(axis) : 1;
            extents[^axis] = left == right || right == 1 ? left : left == 1 ? right : throw new LayerOpaqueException();
        }

        (int shared, int other) = (a.FromEnd(layer.TransposeA ? 2 : 1), b.FromEnd(layer.TransposeB ? 1 : 2));
        (extents[^2], extents[^1]) = (a.FromEnd(layer.TransposeA ? 1 : 2), b.FromEnd(layer.TransposeB ? 2 : 1));
        return shared == other
            ? scope.Emit(
                "matmul", LayerShape.Of(extents), ("x", LayerScope.Of(a)), ("y", LayerScope.Of(b)), ("transpose_x", Constants.Flag(layer.TransposeA)),
                ("transpose_y", Constants.Flag(layer.TransposeB)))
            : throw new LayerOpaqueException();
    }

    // [n, 1, 1, 1] to [n, outputs, 1, 1]; with five axes the first two are n together.
    internal static Blob Embedding(LayerScope scope)
    {
        Blob x = scope.Input();
        if (x.Rank is not (4 or 5) || x.FromEnd(1) != 1 || x.FromEnd(2) != 1 || x.FromEnd(3) != 1)
        {
            throw new LayerOpaqueException();
        }

        Blob rows = Rows(scope, x, scope.Layer.Embedding.HasBias);
        return scope.Reshape(rows, LayerShape.Of([.. x.Known.Extents.AsSpan()[..^3], rows.FromEnd(1), 1, 1])) with { HidesBatch = x.HidesBatch };
    }

    internal static Blob EmbeddingOfAnyRank(LayerScope scope)
    {
        Blob x = scope.AllAxes(scope.Input());
        if (x.Rank < 2 || x.FromEnd(1) != 1)
        {
            throw new LayerOpaqueException();
        }

        Blob rows = Rows(scope, x, scope.Layer.EmbeddingND.HasBias);
        return scope.Reshape(rows, LayerShape.Of([.. x.Known.Extents.AsSpan()[..^1], rows.FromEnd(1)]));
    }

    internal static Blob DotProduct(LayerScope scope)
    {
        if (scope.InputCount != 2)
        {
            throw new LayerOpaqueException();
        }

        Blob a = scope.Input(), b = scope.Input(1);
        Blob dot = Summed(scope, "reduce_sum", ArithmeticLayers.Join(scope, "mul", a, b));
        if (!scope.Layer.Dot.CosineSimilarity)
        {
            return dot;
        }

        Blob lengths = ArithmeticLayers.Join(scope, "mul", Summed(scope, "reduce_l2_norm", a), Summed(scope, "reduce_l2_norm", b));
        return ArithmeticLayers.Join(scope, "real_div", dot, lengths);
    }

    private static Blob Summed(LayerScope scope, string type, Blob x) => x.Rank < 3 ? throw new LayerOpaqueException()
        : scope.Emit(
            type, x.Known.With(x.Rank - 3, 1), ("x", LayerScope.Of(x)), ("axes", Constants.Integers(x.Rank - 3)), ("keep_dims", Constants.Flag(true))) with
        { HidesBatch = x.HidesBatch };

    // The table has a column for each entry.
    private static Blob Rows(LayerScope scope, Blob x, bool hasBias)
    {
        Operand.Parameter table = scope.Weight("weights");
        int count = checked((int)x.Known.ElementCount), outputs = table.Source.Shape[0];
        Blob indices = scope.Emit("cast", LayerShape.Of(count), ("x", LayerScope.Of(scope.Reshape(x, LayerShape.Of(count)))), ("dtype", Constants.Text("int32")));
        Blob columns = scope.Emit("gather", LayerShape.Of(outputs, count), ("x", table), ("indices", LayerScope.Of(indices)), ("axis", Constants.Integer(1)));
        Blob rows = scope.Transpose(columns, 1, 0);
        return hasBias ? scope.EachElement("add", rows, ("y", scope.Weight("bias"))) : rows;
    }
}
