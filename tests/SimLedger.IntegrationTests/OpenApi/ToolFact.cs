using System.Diagnostics.CodeAnalysis;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace SimLedger.IntegrationTests.OpenApi;

/// <summary>
/// A test by a tool that a machine may lack: <see cref="ToolMissingException"/> skips it with the reason told, so that a registry
/// which is away turns nothing red that is sound. (xunit 2 can skip only what is known before the run.)
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("SimLedger.IntegrationTests.OpenApi.ToolFactDiscoverer", "SimLedger.IntegrationTests")]
public sealed class ToolFactAttribute : FactAttribute;

/// <summary>The tool is not to be had here; the message says why.</summary>
public sealed class ToolMissingException(string message) : Exception(message);

[SuppressMessage("Performance", "CA1812", Justification = "Made by xunit, by its name.")]
internal sealed class ToolFactDiscoverer(IMessageSink messages) : IXunitTestCaseDiscoverer
{
    public IEnumerable<IXunitTestCase> Discover(ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute) =>
        [new ToolTestCase(messages, discoveryOptions.MethodDisplayOrDefault(), discoveryOptions.MethodDisplayOptionsOrDefault(), testMethod)];
}

internal sealed class ToolTestCase : XunitTestCase
{
    [Obsolete("For xunit, which makes it empty and fills it.")]
    public ToolTestCase()
    {
    }

    public ToolTestCase(IMessageSink messages, TestMethodDisplay display, TestMethodDisplayOptions options, ITestMethod method)
        : base(messages, display, options, method)
    {
    }

    public override async Task<RunSummary> RunAsync(
        IMessageSink diagnosticMessageSink, IMessageBus messageBus, object[] constructorArguments, ExceptionAggregator aggregator, CancellationTokenSource cancellationTokenSource)
    {
        using var told = new SkippingBus(messageBus);
        var summary = await base.RunAsync(diagnosticMessageSink, told, constructorArguments, aggregator, cancellationTokenSource);
        summary.Failed -= told.Skipped;
        summary.Skipped += told.Skipped;
        return summary;
    }

    /// <summary>Passes everything on; a failure for want of the tool as skipped.</summary>
    private sealed class SkippingBus(IMessageBus bus) : IMessageBus
    {
        public int Skipped { get; private set; }

        public bool QueueMessage(IMessageSinkMessage message)
        {
            if (message is not ITestFailed failed || failed.ExceptionTypes.FirstOrDefault() != typeof(ToolMissingException).FullName)
            {
                return bus.QueueMessage(message);
            }
            Skipped++;
            return bus.QueueMessage(new TestSkipped(failed.Test, failed.Messages[0]));
        }

        /// <summary>The bus is its maker's to dispose of.</summary>
        public void Dispose()
        {
        }
    }
}
