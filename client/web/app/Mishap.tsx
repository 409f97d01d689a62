/** When a part of the interface breaks: plain words and a way on, never the error. The engine runs on beside it. */
import { Component, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../components/Button.tsx';
import { Empty } from '../components/Empty.tsx';

interface Props {
  /** Another place shows afresh. */
  readonly place: string;
  readonly children: ReactNode;
}

export class Mishap extends Component<Props, { readonly brokenAt: string | undefined }> {
  override state = { brokenAt: undefined };

  static getDerivedStateFromError() {
    return { brokenAt: '?' };
  }
  override componentDidCatch() {
    this.setState({ brokenAt: this.props.place });
  }
  override componentDidUpdate(before: Props) {
    if (before.place !== this.props.place && this.state.brokenAt !== undefined) this.setState({ brokenAt: undefined });
  }
  override render() {
    return this.state.brokenAt === undefined ? this.props.children : <Words />;
  }
}

function Words() {
  const { t } = useTranslation();
  return (
    <Empty
      title={t('app.mishap')}
      action={
        <Button weight="primary" onPress={() => location.reload()}>
          {t('app.reload')}
        </Button>
      }
    >
      {t('failure.internal')}
    </Empty>
  );
}
