using System.Globalization;
using System.Text;

namespace SweepCluster.Reports.Heat;

/// <summary>The heat map's colours: steps of even lightness in OKLab, whose order survives colour blindness and grey printing.</summary>
/// <remarks>On light pages damage is dark, on dark pages bright: it always stands out from the page. Text on a step is black or white, whichever has more contrast (at least 4.5 : 1).
/// OKLab: B. Ottosson, "A perceptual color space for image processing", 2020.</remarks>
internal static class HeatScale
{
    /// <summary>Number of steps.</summary>
    internal const int Steps = 24;

    /// <summary>The step of a value on a logarithmic scale between two positive ends.</summary>
    internal static int Step(double value, double low, double high)
    {
        if (!(value > low))
        {
            return 0;
        }

        double share = high > low ? Math.Log(value / low) / Math.Log(high / low) : 1;
        return (int)Math.Clamp(Math.Floor(share * Steps), 0, Steps - 1);
    }

    /// <summary>The style rules <c>.h0</c> ... of all steps, for light and dark pages.</summary>
    internal static string Css()
    {
        StringBuilder css = new();
        for (int step = 0; step < Steps; step++)
        {
            (int R, int G, int B) light = Color(step, dark: false);
            (int R, int G, int B) dark = Color(step, dark: true);
            css.Append(CultureInfo.InvariantCulture, $".h{step}{{background:light-dark({Hex(light)},{Hex(dark)});color:light-dark({Ink(light)},{Ink(dark)})}}\n");
        }

        return css.ToString();
    }

    /// <summary>The colour of a step, sRGB 0..255.</summary>
    internal static (int R, int G, int B) Color(int step, bool dark)
    {
        double t = step / (double)(Steps - 1);
        (double lightness, double chroma, double hue) = dark
            ? (0.27 + (0.66 * t), 0.07 + (0.08 * Math.Sin(Math.PI * t)), 285 - (185 * t))
            : (0.975 - (0.70 * t), 0.025 + (0.125 * Math.Sin(Math.PI * Math.Pow(t, 0.8)) * 0.85) + (0.06 * t), 105 + (190 * t));
        while (chroma > 0 && !InGamut(ToLinear(lightness, chroma, hue)))
        {
            chroma -= 0.002;
        }

        (double r, double g, double b) = ToLinear(lightness, Math.Max(0, chroma), hue);
        return (Byte(r), Byte(g), Byte(b));
    }

    /// <summary>Relative luminance as WCAG 2 defines it, 0..1.</summary>
    internal static double Luminance((int R, int G, int B) color)
    {
        static double Linear(int value) => value / 255.0 <= 0.04045 ? value / 255.0 / 12.92 : Math.Pow(((value / 255.0) + 0.055) / 1.055, 2.4);
        return (0.2126 * Linear(color.R)) + (0.7152 * Linear(color.G)) + (0.0722 * Linear(color.B));
    }

    private static string Ink((int R, int G, int B) background) => Luminance(background) > 0.179 ? "#000" : "#fff"; // where both contrasts are equal

    private static string Hex((int R, int G, int B) color) => $"#{color.R:x2}{color.G:x2}{color.B:x2}";

    private static bool InGamut((double R, double G, double B) color) => color.R is >= 0 and <= 1 && color.G is >= 0 and <= 1 && color.B is >= 0 and <= 1;

    private static int Byte(double linear)
    {
        double value = linear <= 0.0031308 ? 12.92 * linear : (1.055 * Math.Pow(linear, 1 / 2.4)) - 0.055;
        return (int)Math.Round(Math.Clamp(value, 0, 1) * 255);
    }

    private static (double R, double G, double B) ToLinear(double lightness, double chroma, double hue)
    {
        double a = chroma * Math.Cos(hue * Math.PI / 180);
        double b = chroma * Math.Sin(hue * Math.PI / 180);
        double l = Math.Pow(lightness + (0.3963377774 * a) + (0.2158037573 * b), 3);
        double m = Math.Pow(lightness - (0.1055613458 * a) - (0.0638541728 * b), 3);
        double s = Math.Pow(lightness - (0.0894841775 * a) - (1.2914855480 * b), 3);
        return (
            (4.0767416621 * l) - (3.3077115913 * m) + (0.2309699292 * s),
            (-1.2684380046 * l) + (2.6097574011 * m) - (0.3413193965 * s),
            (-0.0041960863 * l) - (0.7034186147 * m) + (1.7076147010 * s));
    }
}
