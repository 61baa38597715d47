using System.Runtime.CompilerServices;
using SweepCluster.Numerics.Vectors;

namespace SweepCluster.Numerics.Convolution;

/// <summary>
/// The innermost kernel of a direct convolution: two segments of up to seven neighbouring output pixels, one or two blocks of 16 output channels, all held in registers.
/// Each output is <c>bias + sum</c> in the order of the reduction, every term a fused multiply-add; then the residual is added, then values below 0 become 0.
/// </summary>
internal static unsafe class ConvolutionTile
{
    /// <summary>Computes one tile.</summary>
    /// <typeparam name="TLanes">Width of the vectors.</typeparam>
    /// <typeparam name="TA">Pixels of segment A, 1 to 7.</typeparam>
    /// <typeparam name="TB">Pixels of segment B, 1 to 7.</typeparam>
    /// <typeparam name="TBlocks">Blocks of output channels, 1 or 2.</typeparam>
    /// <typeparam name="TPitch">Floats from what one output pixel reads to what its neighbour reads.</typeparam>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TLanes, TA, TB, TBlocks, TPitch>(TileCall* call)
        where TLanes : struct, ILanes<TLanes>
        where TA : struct, IConstant
        where TB : struct, IConstant
        where TBlocks : struct, IConstant
        where TPitch : struct, IConstant
    {
        const int Lanes = FeatureMap.BlockLanes;
        TLanes first = TLanes.Load(call->Bias);
        TLanes second = TBlocks.Value > 1 ? TLanes.Load(call->Bias + Lanes) : first;
        TLanes a0 = first, a1 = first, a2 = first, a3 = first, a4 = first, a5 = first, a6 = first;
        TLanes b0 = first, b1 = first, b2 = first, b3 = first, b4 = first, b5 = first, b6 = first;
        TLanes c0 = second, c1 = second, c2 = second, c3 = second, c4 = second, c5 = second, c6 = second;
        TLanes d0 = second, d1 = second, d2 = second, d3 = second, d4 = second, d5 = second, d6 = second;

        float* weights = call->Weights;
        float* inputA0 = call->InputA, inputB0 = call->InputB;
        for (nint i0 = call->Count0; i0 > 0; i0--, inputA0 += call->Step0, inputB0 += call->Step0)
        {
            float* inputA1 = inputA0, inputB1 = inputB0;
            for (nint i1 = call->Count1; i1 > 0; i1--, inputA1 += call->Step1, inputB1 += call->Step1)
            {
                float* inputA2 = inputA1, inputB2 = inputB1;
                for (nint i2 = call->Count2; i2 > 0; i2--, inputA2 += call->Step2, inputB2 += call->Step2)
                {
                    float* inputA = inputA2, inputB = inputB2, end = inputA + call->Count3;
                    do
                    {
                        first = TLanes.Load(weights);
                        second = TBlocks.Value > 1 ? TLanes.Load(weights + Lanes) : first;
                        if (TA.Value > 0)
                        {
                            TLanes x = TLanes.Broadcast(inputA[0 * TPitch.Value]);
                            a0 = TLanes.MultiplyAdd(x, first, a0);
                            if (TBlocks.Value > 1)
                            {
                                c0 = TLanes.MultiplyAdd(x, second, c0);
                            }
                        }

                        if (TA.Value > 1)
                        {
                            TLanes x = TLanes.Broadcast(inputA[1 * TPitch.Value]);
                            a1 = TLanes.MultiplyAdd(x, first, a1);
                            if (TBlocks.Value > 1)
                            {
                                c1 = TLanes.MultiplyAdd(x, second, c1);
                            }
                        }

                        if (TA.Value > 2)
                        {
                            TLanes x = TLanes.Broadcast(inputA[2 * TPitch.Value]);
                            a2 = TLanes.MultiplyAdd(x, first, a2);
                            if (TBlocks.Value > 1)
                            {
                                c2 = TLanes.MultiplyAdd(x, second, c2);
                            }
                        }

                        if (TA.Value > 3)
                        {
                            TLanes x = TLanes.Broadcast(inputA[3 * TPitch.Value]);
                            a3 = TLanes.MultiplyAdd(x, first, a3);
                            if (TBlocks.Value > 1)
                            {
                                c3 = TLanes.MultiplyAdd(x, second, c3);
                            }
                        }

                        if (TA.Value > 4)
                        {
                            TLanes x = TLanes.Broadcast(inputA[4 * TPitch.Value]);
                            a4 = TLanes.MultiplyAdd(x, first, a4);
                            if (TBlocks.Value > 1)
                            {
                                c4 = TLanes.MultiplyAdd(x, second, c4);
                            }
                        }

                        if (TA.Value > 5)
                        {
                            TLanes x = TLanes.Broadcast(inputA[5 * TPitch.Value]);
                            a5 = TLanes.MultiplyAdd(x, first, a5);
                            if (TBlocks.Value > 1)
                            {
                                c5 = TLanes.MultiplyAdd(x, second, c5);
                            }
                        }

                        if (TA.Value > 6)
                        {
                            TLanes x = TLanes.Broadcast(inputA[6 * TPitch.Value]);
                            a6 = TLanes.MultiplyAdd(x, first, a6);
                            if (TBlocks.Value > 1)
                            {
                                c6 = TLanes.MultiplyAdd(x, second, c6);
                            }
                        }

                        if (TB.Value > 0)
                        {
                            TLanes x = TLanes.Broadcast(inputB[0 * TPitch.Value]);
                            b0 = TLanes.MultiplyAdd(x, first, b0);
                            if (TBlocks.Value > 1)
                            {
                                d0 = TLanes.MultiplyAdd(x, second, d0);
                            }
                        }

                        if (TB.Value > 1)
                        {
                            TLanes x = TLanes.Broadcast(inputB[1 * TPitch.Value]);
                            b1 = TLanes.MultiplyAdd(x, first, b1);
                            if (TBlocks.Value > 1)
                            {
                                d1 = TLanes.MultiplyAdd(x, second, d1);
                            }
                        }

                        if (TB.Value > 2)
                        {
                            TLanes x = TLanes.Broadcast(inputB[2 * TPitch.Value]);
                            b2 = TLanes.MultiplyAdd(x, first, b2);
                            if (TBlocks.Value > 1)
                            {
                                d2 = TLanes.MultiplyAdd(x, second, d2);
                            }
                        }

                        if (TB.Value > 3)
                        {
                            TLanes x = TLanes.Broadcast(inputB[3 * TPitch.Value]);
                            b3 = TLanes.MultiplyAdd(x, first, b3);
                            if (TBlocks.Value > 1)
                            {
                                d3 = TLanes.MultiplyAdd(x, second, d3);
                            }
                        }

                        if (TB.Value > 4)
                        {
                            TLanes x = TLanes.Broadcast(inputB[4 * TPitch.Value]);
                            b4 = TLanes.MultiplyAdd(x, first, b4);
                            if (TBlocks.Value > 1)
                            {
                                d4 = TLanes.MultiplyAdd(x, second, d4);
                            }
                        }

                        if (TB.Value > 5)
                        {
                            TLanes x = TLanes.Broadcast(inputB[5 * TPitch.Value]);
                            b5 = TLanes.MultiplyAdd(x, first, b5);
                            if (TBlocks.Value > 1)
                            {
                                d5 = TLanes.MultiplyAdd(x, second, d5);
                            }
                        }

                        if (TB.Value > 6)
                        {
                            TLanes x = TLanes.Broadcast(inputB[6 * TPitch.Value]);
                            b6 = TLanes.MultiplyAdd(x, first, b6);
                            if (TBlocks.Value > 1)
                            {
                                d6 = TLanes.MultiplyAdd(x, second, d6);
                            }
                        }

                        inputA++;
                        inputB++;
                        weights += call->WeightStep;
                    }
                    while (inputA < end);
                }
            }
        }

        bool rectify = call->Rectify;
        Finish<TLanes, TA>(call->OutputA, call->ResidualA is null ? null : call->ResidualA, rectify, a0, a1, a2, a3, a4, a5, a6);
        Finish<TLanes, TB>(call->OutputB, call->ResidualB is null ? null : call->ResidualB, rectify, b0, b1, b2, b3, b4, b5, b6);
        if (TBlocks.Value > 1)
        {
            Finish<TLanes, TA>(call->OutputA + call->OutputBlock, call->ResidualA is null ? null : call->ResidualA + call->ResidualBlock, rectify, c0, c1, c2, c3, c4, c5, c6);
            Finish<TLanes, TB>(call->OutputB + call->OutputBlock, call->ResidualB is null ? null : call->ResidualB + call->ResidualBlock, rectify, d0, d1, d2, d3, d4, d5, d6);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish<TLanes, TCount>(
        float* output, float* residual, bool rectify, TLanes v0, TLanes v1, TLanes v2, TLanes v3, TLanes v4, TLanes v5, TLanes v6)
        where TLanes : struct, ILanes<TLanes>
        where TCount : struct, IConstant
    {
        const int Lanes = FeatureMap.BlockLanes;
        if (residual is not null)
        {
            if (TCount.Value > 0)
            {
                v0 = TLanes.Add(v0, TLanes.Load(residual));
            }

            if (TCount.Value > 1)
            {
                v1 = TLanes.Add(v1, TLanes.Load(residual + Lanes));
            }

            if (TCount.Value > 2)
            {
                v2 = TLanes.Add(v2, TLanes.Load(residual + (2 * Lanes)));
            }

            if (TCount.Value > 3)
            {
                v3 = TLanes.Add(v3, TLanes.Load(residual + (3 * Lanes)));
            }

            if (TCount.Value > 4)
            {
                v4 = TLanes.Add(v4, TLanes.Load(residual + (4 * Lanes)));
            }

            if (TCount.Value > 5)
            {
                v5 = TLanes.Add(v5, TLanes.Load(residual + (5 * Lanes)));
            }

            if (TCount.Value > 6)
            {
                v6 = TLanes.Add(v6, TLanes.Load(residual + (6 * Lanes)));
            }
        }

        if (rectify)
        {
            TLanes zero = TLanes.Broadcast(0f);
            if (TCount.Value > 0)
            {
                v0 = Rectify(v0, zero);
            }

            if (TCount.Value > 1)
            {
                v1 = Rectify(v1, zero);
            }

            if (TCount.Value > 2)
            {
                v2 = Rectify(v2, zero);
            }

            if (TCount.Value > 3)
            {
                v3 = Rectify(v3, zero);
            }

            if (TCount.Value > 4)
            {
                v4 = Rectify(v4, zero);
            }

            if (TCount.Value > 5)
            {
                v5 = Rectify(v5, zero);
            }

            if (TCount.Value > 6)
            {
                v6 = Rectify(v6, zero);
            }
        }

        if (TCount.Value > 0)
        {
            TLanes.Store(output, v0);
        }

        if (TCount.Value > 1)
        {
            TLanes.Store(output + Lanes, v1);
        }

        if (TCount.Value > 2)
        {
            TLanes.Store(output + (2 * Lanes), v2);
        }

        if (TCount.Value > 3)
        {
            TLanes.Store(output + (3 * Lanes), v3);
        }

        if (TCount.Value > 4)
        {
            TLanes.Store(output + (4 * Lanes), v4);
        }

        if (TCount.Value > 5)
        {
            TLanes.Store(output + (5 * Lanes), v5);
        }

        if (TCount.Value > 6)
        {
            TLanes.Store(output + (6 * Lanes), v6);
        }
    }

    // 0 where the value is below 0; NaN and -0 stay.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes Rectify<TLanes>(TLanes value, TLanes zero)
        where TLanes : struct, ILanes<TLanes> => TLanes.Larger(zero, value);
}
