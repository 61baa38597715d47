using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace SweepCluster.Server.Access.Tokens;

/// <summary>
/// The secret of a token: <c>sweep_</c>, 43 digits that are 256 random bits, 6 digits that are their CRC-32, all of the alphabet 0-9 A-Z a-z. The beginning lets scanners find one that leaked,
/// the checksum lets a mistyped one be told from a wrong one.
/// </summary>
internal static class TokenSecret
{
    /// <summary>What every secret begins with.</summary>
    internal const string Prefix = "sweep_";

    private const string Digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private const int RandomDigits = 43; // 62^43 > 2^256
    private const int ChecksumDigits = 6; // 62^6 > 2^32
    private const int Length = 6 + RandomDigits + ChecksumDigits;

    private static readonly SearchValues<char> s_digits = SearchValues.Create(Digits);

    /// <summary>A new secret.</summary>
    internal static string New()
    {
        string random = Prefix + RandomNumberGenerator.GetString(Digits, RandomDigits);
        return random + Checksum(random);
    }

    /// <summary>Whether a text has a secret's form and its checksum is right.</summary>
    internal static bool IsWellFormed(string text) =>
        text.Length == Length && text.StartsWith(Prefix, StringComparison.Ordinal) && text.AsSpan(Prefix.Length).IndexOfAnyExcept(s_digits) < 0
        && text.AsSpan(Length - ChecksumDigits).SequenceEqual(Checksum(text[..^ChecksumDigits]));

    /// <summary>SHA-256 of a secret. No salt and no slow function: nothing can be guessed of 256 random bits, and two equal secrets do not happen.</summary>
    internal static byte[] Hash(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));

    private static string Checksum(string text)
    {
        uint crc = Crc32(Encoding.ASCII.GetBytes(text));
        return string.Create(ChecksumDigits, crc, static (digits, rest) =>
        {
            for (int i = digits.Length - 1; i >= 0; i--, rest /= 62)
            {
                digits[i] = Digits[(int)(rest % 62)];
            }
        });
    }

    // CRC-32 of ISO-HDLC, as zip and PNG have it: bits from the lowest, polynomial 0xEDB88320.
    private static uint Crc32(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in bytes)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ 0xEDB88320;
            }
        }

        return ~crc;
    }
}
