using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using SweepCluster.Graphs;
using SweepCluster.Server.Access.Audit;
using SweepCluster.Server.Access.Limits;
using SweepCluster.Server.Access.Oidc;
using SweepCluster.Server.Access.Sessions;
using SweepCluster.Server.Access.Tls;
using SweepCluster.Server.Access.Tokens;

namespace SweepCluster.Server.Access;

/// <summary>Sign-in, scopes, limits, headers, audit.</summary>
internal static class AccessFeature
{
    private static readonly TimeSpan s_connecting = TimeSpan.FromSeconds(5);

    /// <summary>Checks what can be before anything is opened or made: the rules, the tokens and the certificate.</summary>
    /// <exception cref="BadInputException">It would be open to whom it must not be, or tokens or certificate cannot be used.</exception>
    internal static void Check(ServerOptions options)
    {
        AccessRules.Check(options);
        new TokenBook(options.Access.TokenFile, options.Access.TokenLines, options.Time, NullLogger<TokenBook>.Instance).Open();
        if (options.Access.CertificateFile is not null)
        {
            new ServerCertificate(options.Access, options.Time, NullLogger<ServerCertificate>.Instance).Open();
        }
    }

    /// <summary>Makes a server listen where its options say and nowhere else, whatever settings files and variables there are.</summary>
    /// <exception cref="BadInputException">It would be open to whom it must not be.</exception>
    internal static void Listen(WebApplicationBuilder builder, ServerOptions options)
    {
        AccessRules.Check(options);
        ((IConfigurationBuilder)builder.Configuration).Sources.Clear();
        builder.Configuration.AddInMemoryCollection();
        builder.WebHost.PreferHostingUrls(false);
        builder.WebHost.ConfigureKestrel(kestrel => Listening.Configure(kestrel, options, () => kestrel.ApplicationServices.GetRequiredService<ServerCertificate>()));
    }

    /// <summary>Adds its services.</summary>
    internal static void Add(IServiceCollection services, ServerOptions options)
    {
        AccessOptions access = options.Access;
        services.TryAddSingleton(options);
        services.AddSingleton(provider => new TokenBook(access.TokenFile, access.TokenLines, options.Time, provider.GetRequiredService<ILogger<TokenBook>>()));
        services.AddSingleton(provider => new AuditLog(access.AuditFile, options.Time, provider.GetRequiredService<ILogger<AuditLog>>()));
        services.AddSingleton(provider => new ServerCertificate(access, options.Time, provider.GetRequiredService<ILogger<ServerCertificate>>()));
        services.AddSingleton(new SessionBook(access.Limits.SessionTime, options.Time));
        services.AddSingleton(new FileSeats(access.Limits));
        services.AddSingleton(new FailureBudget(access.Limits, options.Time));
        if (access.Oidc is { } oidc)
        {
            services.AddSingleton(_ => new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ConnectTimeout = s_connecting }));
            services.AddSingleton(provider => new IssuerKeys(oidc.Issuer, provider.GetRequiredService<HttpClient>(), options.Time, provider.GetRequiredService<ILogger<IssuerKeys>>()));
            services.AddSingleton(provider => new OidcValidator(oidc, provider.GetRequiredService<IssuerKeys>(), options.Time));
        }

        services.AddSingleton(provider => new Credentials(
            provider.GetRequiredService<TokenBook>(), provider.GetRequiredService<SessionBook>(), provider.GetService<OidcValidator>(), access, options.Time));
        services.AddSingleton(provider => new AccessGate(
            options, provider.GetRequiredService<Credentials>(), provider.GetRequiredService<AuditLog>(), provider.GetRequiredService<FailureBudget>(), provider.GetRequiredService<ILogger<AccessGate>>()));
        services.AddSingleton(provider => new SignInEndpoints(
            provider.GetRequiredService<Credentials>(), provider.GetRequiredService<SessionBook>(), provider.GetRequiredService<FailureBudget>(), access));
        services.AddRequestTimeouts(timeouts => timeouts.DefaultPolicy = new RequestTimeoutPolicy { Timeout = access.Limits.RequestTime });
    }

    /// <summary>Puts it before the endpoints.</summary>
    /// <exception cref="BadInputException">Tokens, certificate or audit log cannot be used.</exception>
    internal static void Use(WebApplication server)
    {
        ServerOptions options = server.Services.GetRequiredService<ServerOptions>();
        server.Services.GetRequiredService<TokenBook>().Open();
        server.Services.GetRequiredService<AuditLog>().Open();
        if (options.Access.CertificateFile is not null)
        {
            server.Services.GetRequiredService<ServerCertificate>().Open();
        }

        server.UseRouting();
        server.Use(server.Services.GetRequiredService<AccessGate>().InvokeAsync);
        server.UseRequestTimeouts();
        server.Services.GetRequiredService<SignInEndpoints>().Map(server);
    }
}
