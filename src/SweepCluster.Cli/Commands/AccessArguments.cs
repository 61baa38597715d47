using System.Collections.Immutable;
using System.CommandLine;
using System.Net;
using SweepCluster.Graphs;
using SweepCluster.Server.Access;
using SweepCluster.Server.Access.Origins;

namespace SweepCluster.Cli.Commands;

/// <summary>The options that say who may do what on a process that listens, and over what kind of connection; shared by <c>serve</c> and <c>silo</c>.</summary>
internal sealed class AccessArguments
{
    private readonly Option<string?> _tokens = new("--tokens")
    {
        Description = $"File of tokens that may sign in, one a line as 'sweep token' prints it; it is read again when it changes. Also lines in the environment variable {AccessOptions.TokensVariable}.",
    };

    private readonly Option<string?> _issuer = new("--oidc-issuer") { Description = "OpenID Connect issuer whose signed tokens may sign in, as https://login.example.com/realm." };
    private readonly Option<string?> _audience = new("--oidc-audience") { Description = "The audience that those tokens name: this server." };
    private readonly Option<string?> _scopeClaim = new("--oidc-scope-claim") { Description = "The claim that says what their holder may do. Default: scope." };
    private readonly Option<string?> _nameClaim = new("--oidc-name-claim") { Description = "The claim that names their holder. Default: sub." };
    private readonly Option<string[]> _words = new("--oidc-scope")
    {
        Description = "The word of that claim that gives a scope, as submit=sweepers; once for each. Defaults: sweep:read, sweep:submit, sweep:admin.",
        DefaultValueFactory = static _ => [],
    };

    private readonly Option<string?> _certificate = new("--certificate")
    {
        Description = $"Certificate for https: a PEM file with its chain, or a PFX file (password in the environment variable {AccessOptions.CertificatePasswordVariable}); read again when it changes.",
    };

    private readonly Option<string?> _key = new("--key") { Description = "The PEM certificate's key, where that file does not hold it." };
    private readonly Option<string[]> _proxies = new("--behind-tls-proxy")
    {
        Description = "Network of a proxy that ends TLS in front of this process, as 10.0.0.0/8 or 127.0.0.1; may be given again. It allows plain http to others than this machine, from those proxies alone.",
        DefaultValueFactory = static _ => [],
    };

    private readonly Option<string[]> _trusted = new("--trust-network")
    {
        Description = "Private network whose callers are taken as this machine's, as 172.30.0.0/24; may be given again. They sign in nowhere, unless tokens or an issuer are named, and over plain http. For a container whose port is published on 127.0.0.1 alone.",
        DefaultValueFactory = static _ => [],
    };

    private readonly Option<string?> _audit = new("--audit") { Description = "File that gets a line of JSON for every change and every refusal." };

    private Option[] All => [_tokens, _issuer, _audience, _scopeClaim, _nameClaim, _words, _certificate, _key, _proxies, _audit];

    /// <summary>Adds them.</summary>
    /// <param name="command">The command.</param>
    /// <param name="trusts">Whether it may take other callers as this machine's.</param>
    internal void AddTo(Command command, bool trusts = false)
    {
        if (trusts)
        {
            command.Options.Add(_trusted);
        }

        foreach (Option option in All)
        {
            command.Options.Add(option);
        }
    }

    /// <summary>Refuses options that say who may read what nobody can reach.</summary>
    /// <param name="input">The command line, which has no address to listen on.</param>
    /// <exception cref="BadInputException">One of them is there.</exception>
    internal void RefuseIn(ParseResult input)
    {
        if (All.FirstOrDefault(option => input.GetResult(option) is { Implicit: false }) is { } given)
        {
            throw new BadInputException($"{given.Name}: found it without --listen, expected an address to listen on beside it, as --listen http://127.0.0.1:9464.");
        }
    }

    /// <summary>What the options and the environment say.</summary>
    /// <exception cref="BadInputException">One of them cannot be used.</exception>
    internal AccessOptions Read(ParseResult input) => new()
    {
        TokenFile = input.GetValue(_tokens),
        TokenLines = Variable(AccessOptions.TokensVariable),
        Oidc = ReadOidc(input),
        CertificateFile = input.GetValue(_certificate),
        KeyFile = input.GetValue(_key),
        CertificatePassword = Variable(AccessOptions.CertificatePasswordVariable),
        Proxies = ReadNetworks(input, _proxies),
        Trusted = ReadNetworks(input, _trusted),
        AuditFile = input.GetValue(_audit),
    };

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { } value && !string.IsNullOrWhiteSpace(value) ? value : null;

    private static ImmutableArray<IPNetwork> ReadNetworks(ParseResult input, Option<string[]> option) => [.. (input.GetValue(option) ?? []).Select(text => ReadNetwork(option.Name, text))];

    private static IPNetwork ReadNetwork(string option, string text) =>
        IPAddress.TryParse(text, out IPAddress? address) ? new IPNetwork(address, address.GetAddressBytes().Length * 8)
        : IPNetwork.TryParse(text, out IPNetwork network) && !CallerNetworks.HoldsAll(network) ? network
        : throw new BadInputException($"{option}: found '{text}', expected a network as 10.0.0.0/8 or an address, and not all addresses.");

    private OidcOptions? ReadOidc(ParseResult input)
    {
        string? issuer = input.GetValue(_issuer), audience = input.GetValue(_audience);
        ImmutableDictionary<string, string> words = ReadWords(input.GetValue(_words)!);
        if (issuer is null)
        {
            return audience is null && words.IsEmpty && input.GetValue(_scopeClaim) is null && input.GetValue(_nameClaim) is null ? null
                : throw new BadInputException("--oidc-issuer: found nothing beside other --oidc options, expected an address as https://login.example.com/realm.");
        }

        if (audience is null)
        {
            throw new BadInputException("--oidc-audience: found nothing beside --oidc-issuer, expected the audience that tokens for this server name.");
        }

        OidcOptions options = new()
        {
            Issuer = Uri.TryCreate(issuer, UriKind.Absolute, out Uri? address) ? address : throw new BadInputException($"--oidc-issuer: found '{issuer}', expected an https address."),
            Audience = audience,
        };
        return options with
        {
            ScopeClaim = input.GetValue(_scopeClaim) ?? options.ScopeClaim,
            NameClaim = input.GetValue(_nameClaim) ?? options.NameClaim,
            ReadWord = words.GetValueOrDefault("read", options.ReadWord),
            SubmitWord = words.GetValueOrDefault("submit", options.SubmitWord),
            AdminWord = words.GetValueOrDefault("admin", options.AdminWord),
        };
    }

    private static ImmutableDictionary<string, string> ReadWords(string[] texts)
    {
        ImmutableDictionary<string, string> words = ImmutableDictionary<string, string>.Empty;
        foreach (string text in texts)
        {
            int equals = text.IndexOf('=', StringComparison.Ordinal);
            string scope = equals < 0 ? "" : text[..equals];
            if (scope is not ("read" or "submit" or "admin") || equals == text.Length - 1 || words.ContainsKey(scope))
            {
                throw new BadInputException($"--oidc-scope: found '{text}', expected read=WORD, submit=WORD or admin=WORD, each once.");
            }

            words = words.Add(scope, text[(equals + 1)..]);
        }

        return words;
    }
}
